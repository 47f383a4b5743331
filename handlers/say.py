"""What the bot can say. Only names live here; `bot/texts.py` has the words, in English, and the catalogues the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tickets.model import Place, Status


class Say(StrEnum):
    """Every text a citizen can be sent. The comment names the values it takes."""

    WELCOME = "welcome"  # city, url: once, at first contact, before the answer
    GREETING = "greeting"  # city
    INVITATION = "invitation"  # the greeting without its hello, where the welcome has said it
    HELP = "help"  # city, phone, hours
    THANKS = "thanks"
    GOODBYE = "goodbye"
    WHICH_SERVICE = "which_service"  # with the services as choices
    NOT_UNDERSTOOD = "not_understood"  # with the services as choices
    SORRY_MENU = "sorry_menu"  # the understanding part is down: with the services as choices
    WHERE = "where"  # service
    WHAT_HAPPENED = "what_happened"  # service
    PLACE_NEEDED = "place_needed"
    CONFIRM = "confirm"  # service, place; choices yes, no
    CONFIRM_PHOTO = "confirm_photo"  # the same, and a photo is welcome
    WHAT_TO_CHANGE = "what_to_change"  # choices service, place, drop
    RECEIPT = "receipt"  # number, service, place, due
    DROPPED = "dropped"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    STATUS = "status"  # number, service, place, status, due
    STATUS_LATE = "status_late"  # the same, past its date
    STATUS_CLOSED = "status_closed"  # number, service, place, status, at
    STATUS_PUBLIC = "status_public"  # number, service, status: somebody else's ticket
    STATUS_LINE = "status_line"  # number, service, status: one of several
    MY_REPORTS = "my_reports"  # count; lines
    NO_REPORTS = "no_reports"
    NUMBER_UNKNOWN = "number_unknown"  # number
    COMMENT_KEPT = "comment_kept"  # number
    NO_TICKET_FOR_COMMENT = "no_ticket_for_comment"
    LANGUAGE_SET = "language_set"
    WHICH_LANGUAGE = "which_language"  # with the languages as choices
    EMERGENCY = "emergency"  # phone
    STOP_ASK = "stop_ask"  # choices yes, no
    STOPPED = "stopped"
    STARTED = "started"
    NOT_STOPPED = "not_stopped"
    PERSON = "person"  # phone, hours: how to reach a human being
    PRIVACY = "privacy"  # url, phone
    INFORMATION = "information"  # phone, hours
    OUT_OF_SCOPE = "out_of_scope"
    ABUSE = "abuse"
    UNREADABLE = "unreadable"  # voice, sticker, contact ...: please write it
    EDITED = "edited"  # an edited message is not read again
    OLD_BUTTON = "old_button"
    TROUBLE = "trouble"  # a message was set aside
    PAUSED = "paused"  # phone: more messages than a person writes; no answers for a while
    NOTICE = "notice"  # number, service, status, note: a clerk moved the ticket
    NOTICE_RESOLVED = "notice_resolved"  # number, service, note
    NOTICE_DECLINED = "notice_declined"  # number, service, note
    NO_NOTE = "no_note"  # in the note's place where a text approved beforehand has one and the clerk wrote none
    NEWS = "news"  # WhatsApp, a day after they last wrote: something waits until they write again
    YES = "yes"
    NO = "no"
    CHANGE_SERVICE = "change_service"
    CHANGE_PLACE = "change_place"
    DROP = "drop"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class ServiceName:
    """The service of this code, named in the citizen's language."""

    code: str


@dataclass(frozen=True, slots=True)
class LanguageName:
    """A language by its own name ("português")."""

    code: str


Value = str | int | datetime | Place | Status | ServiceName


@dataclass(frozen=True, slots=True)
class Option:
    """One choice offered: `id` is stable across languages, `label` is worded by bot/i18n.py."""

    id: str
    label: Say | ServiceName | LanguageName


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing to say. `values` fill the text, `lines` follow below, `options` are buttons or numbered lines."""

    say: Say
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)
    options: tuple[Option, ...] = ()
    lines: tuple["Reply", ...] = ()


def say(what: Say, /, *options: Option, lines: tuple[Reply, ...] = (), **values: Value) -> Reply:
    """Shorthand: `say(Say.WHERE, service=ServiceName("tree"))`."""
    return Reply(say=what, values=values, options=options, lines=lines)
