"""Why an outbound did not reach its citizen: one short closed list for all providers."""

from enum import StrEnum


class Reason(StrEnum):
    """Stands in `Rejected.reason`, `Unavailable.reason` and `Receipt.reason`; the desk words it for clerks."""

    # the person does not want or cannot be reached here: an opt-out or a bad contact
    BLOCKED = "blocked"  # they blocked us
    OPTED_OUT = "opted_out"  # they said STOP to the provider
    GONE = "gone"  # the account or number was closed
    NOT_A_NUMBER = "not_a_number"
    NOT_FOUND = "not_found"  # no such chat, or the file is gone
    UNREACHABLE = "unreachable"  # phone off, landline, no WhatsApp on it
    # this message cannot go
    OUTSIDE_WINDOW = "outside_window"  # WhatsApp: more than 24 hours since they last wrote
    NO_TEMPLATE = "no_template"  # none is configured for this notice and language
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    ATTACHMENTS = "attachments"  # this channel cannot carry them
    FILTERED = "filtered"  # taken for spam on its way
    EXPIRED = "expired"  # it waited too long at the provider
    REFUSED = "refused"  # anything else that will not change by itself
    # our side: a person must set something right
    REGION_NOT_ALLOWED = "region_not_allowed"
    UNAUTHORIZED = "unauthorized"
    SENDER = "sender"  # our own number or address may not send this
    # it passes
    NETWORK = "network"
    PROVIDER = "provider"  # an error of theirs
    CONFLICT = "conflict"  # somebody else polls with our token
    THROTTLED = "throttled"  # they ask us to slow down
    # ours alone, never a provider's
    TOO_OLD = "too_old"  # it waited for so long that nobody wants to read it any more
    CHANNEL_OFF = "channel_off"  # config.yml enables this channel no more
    INTERNAL_ERROR = "internal_error"  # a fault of this program
    UNREADABLE = "unreadable"  # no key of ours opens it
    PARKED = "parked"  # WhatsApp: it waits until they write to us
    RELEASED = "released"  # another message took its place
    RESTORED = "restored"  # it waited in a copy of the database that was put back, and may have been sent since


# Refusals that will stand until the citizen writes to us again: what they do not want, and what is no contact.
OPT_OUTS = frozenset({Reason.BLOCKED, Reason.OPTED_OUT})
BAD_CONTACTS = frozenset({Reason.GONE, Reason.NOT_A_NUMBER, Reason.NOT_FOUND})
LASTING = OPT_OUTS | BAD_CONTACTS
