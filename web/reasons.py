"""Why a message did not arrive, in words for clerks; and whether sending it once more may help."""

from collections.abc import Mapping

from bot.ports import Kind
from channels.mailbox import CHANNEL as MAIL
from channels.reason import LASTING, Reason
from tickets.model import Field


def _(message: str) -> str:
    """Marks a text for extraction; the translation happens when it is shown."""
    return message


REASONS: Mapping[str, str] = {
    Reason.BLOCKED: _("They have blocked us"),
    Reason.OPTED_OUT: _("They asked for no more messages"),
    Reason.GONE: _("Their account or number was closed"),
    Reason.NOT_A_NUMBER: _("Not a number that exists"),
    Reason.NOT_FOUND: _("This chat does not exist any more"),
    Reason.UNREACHABLE: _("Their phone cannot be reached"),
    Reason.OUTSIDE_WINDOW: _("More than 24 hours since they last wrote"),
    Reason.NO_TEMPLATE: _("No WhatsApp template for this news"),
    Reason.TOO_LONG: _("The message is too long"),
    Reason.TOO_LARGE: _("The file is too large"),
    Reason.ATTACHMENTS: _("This channel carries no files"),
    Reason.FILTERED: _("Taken for spam on its way"),
    Reason.EXPIRED: _("It waited too long at the provider"),
    Reason.REFUSED: _("The provider refuses it"),
    Reason.REGION_NOT_ALLOWED: _("Our account may not write to that country"),
    Reason.UNAUTHORIZED: _("The provider does not accept our credentials"),
    Reason.SENDER: _("Our number may not send this"),
    Reason.NETWORK: _("The provider cannot be reached"),
    Reason.PROVIDER: _("The provider is in trouble"),
    Reason.CONFLICT: _("Another program uses our account"),
    Reason.THROTTLED: _("The provider asks us to wait"),
    Reason.TOO_OLD: _("It waited too long to be sent"),
    Reason.CHANNEL_OFF: _("This channel is switched off"),
    Reason.PARKED: _("It waits until they write to us"),
    Reason.RELEASED: _("Sent in another message"),
    Reason.RESTORED: _("It waited when a backup was put back; it may have arrived before"),
    Reason.UNREADABLE: _("It cannot be opened: the key it was sealed with is gone"),
    Reason.INTERNAL_ERROR: _("A fault of Vecino; tell whoever runs it"),
}

# The same, of e-mail to staff
MAIL_REASONS: Mapping[str, str] = {
    Reason.NOT_FOUND: _("There is no such mailbox"),
    Reason.NOT_A_NUMBER: _("Not an address that mail goes to"),
    Reason.GONE: _("Their mailbox was closed"),
    Reason.UNREACHABLE: _("Their mailbox is full"),
    Reason.SENDER: _("Our address may not send this"),
}

KINDS: Mapping[Kind, str] = {
    Kind.REPLY: _("Answer"),
    Kind.NOTICE: _("News of a report"),
    Kind.STOP: _("Answer to STOP"),
    Kind.NEWS: _("Word that news wait"),
    Kind.ALERT: _("Alert of an emergency"),
    Kind.ESCALATION: _("Word to the staff of a date"),
    Kind.ACCOUNT: _("Word to a clerk of their account"),
    Kind.REFERRAL: _("To an outside body"),
    Kind.DIGEST: _("Weekly digest"),
}

FIELDS: Mapping[Field, str] = {
    Field.SERVICE: _("Service"),
    Field.PLACE: _("Place"),
    Field.DESCRIPTION: _("Description"),
    Field.ANSWER: _("Answer"),
    Field.PRIORITY: _("Priority"),
    Field.DUE: _("Due"),
    Field.ASSIGNEE: _("Assigned to"),
    Field.DEPARTMENT: _("Department"),
    Field.SHOWN: _("Shown to anybody"),
    Field.OUTSIDE: _("Outside body"),
    Field.LINK: _("Related"),
    Field.MERGED_INTO: _("Merged into"),
    Field.MERGED_FROM: _("Merged from"),
    Field.DELIVERY: _("Delivery"),
    Field.VERDICT: _("Answer of the body"),
    Field.FORMER: _("Former number"),
    Field.BATCH: _("Many at once"),
}

# The same text would be refused again: a clerk can only tell the person in another way.
HOPELESS = LASTING | {Reason.TOO_LONG, Reason.TOO_LARGE, Reason.ATTACHMENTS, Reason.UNREADABLE}


def why(reason: str, channel: str) -> str:
    """The words for it, in English; a reason without words is shown as it is."""
    own = MAIL_REASONS.get(reason) if channel == MAIL else None
    return own or REASONS.get(reason, reason)


def is_hopeless(reason: str, channel: str) -> bool:
    """Nobody writes to us by e-mail to say that an address is right again: a clerk does, by sending once more."""
    return reason in HOPELESS and not (channel == MAIL and reason in LASTING)
