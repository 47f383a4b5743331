"""What the bot can say. Only names live here; `bot/texts.py` has the words, in English, and the catalogues the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tickets.calendar import Target
from tickets.explain import Explanation
from tickets.model import Place, Status


class Say(StrEnum):
    """Every text a citizen can be sent. The comment names the values it takes."""

    WELCOME = "welcome"  # city, url: once, at first contact, before the answer
    GREETING = "greeting"  # city
    INVITATION = "invitation"  # the greeting without its hello, where the welcome has said it
    HELP = "help"  # city, phone, hours
    TAKE_TIME = "take_time"
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
    PHOTOS_FULL = "photos_full"  # beyond what is kept of one citizen within a day
    WHAT_TO_CHANGE = "what_to_change"  # choices service, place, drop
    RECEIPT = "receipt"  # number, service, place, due
    RECEIPT_URGENT = "receipt_urgent"  # number, service, place: of an emergency; a date would be no comfort
    DROPPED = "dropped"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    STATUS = "status"  # number, service, place, status, due
    STATUS_LATE = "status_late"  # the same, past its date
    COUNTED = "counted"  # reason: a line below the status, not by SMS
    STATUS_WAITING = "status_waiting"  # number, service, place, status: the clock of its date stands
    STATUS_CLOSED = "status_closed"  # number, service, place, status, at
    STATUS_PUBLIC = "status_public"  # number, service, status: somebody else's ticket
    STATUS_LINE = "status_line"  # number, service, status: one of several
    MY_REPORTS = "my_reports"  # count; lines
    NO_REPORTS = "no_reports"
    NUMBER_UNKNOWN = "number_unknown"  # number
    DELETED_BY_RULE = "deleted_by_rule"  # number, service, day: its time is over, only this is left of it
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
    NEW_DATE = "new_date"  # due: a line below a notice, where its promised date has moved
    NOTICE_RESOLVED = "notice_resolved"  # number, service, note
    NOTICE_DECLINED = "notice_declined"  # number, service, note
    NO_NOTE = "no_note"  # in the note's place where a text approved beforehand has one and the clerk wrote none
    NEWS = "news"  # WhatsApp, a day after they last wrote: something waits until they write again
    # A report
    QUESTION = "question"  # question: one of the service's own, its answers as choices
    SEVERAL = "several"  # count, service: the first of several problems told at once
    NEXT_ONE = "next_one"  # service: the next of them
    UNDER_WAY = "under_way"  # service: brought up again after a silence; the open question follows
    EXPIRED = "expired"  # service: a draft that nobody finished is dropped
    OUTSIDE = "outside"  # body, reach: the place is another municipality's
    OUTSIDE_UNKNOWN = "outside_unknown"  # the place is in none of our areas
    OTHER_BODY = "other_body"  # service, body, reach: the service is somebody else's
    STUCK = "stuck"  # not understood three times: a person will help
    # Neighbours' reports
    NEARBY = "nearby"  # service, place; choices: those reports, and none of them
    NEARBY_LINE = "nearby_line"  # where (a street, or a distance), ago, status: one of them
    NONE_OF_THESE = "none_of_these"
    JOINED = "joined"  # number, service, status, due
    JOINED_NO_DATE = "joined_no_date"  # number, service, status: nothing can be promised just now
    JOINED_ALREADY = "joined_already"  # number, service, status
    OWN_ALREADY = "own_already"  # number, service, status: their own report, with what they say now
    LEFT = "left"  # number
    NOT_FOLLOWING = "not_following"  # number
    NEWS_OF_OWN = "news_of_own"  # there is no neighbour's report to leave
    WHICH_TICKET = "which_ticket"  # choices: their reports, and a new one
    NEW_REPORT = "new_report"
    LAST_NEWS = "last_news"  # at, note: a line below a status
    NEXT = "next"  # step: a line below a status
    FOLLOWING = "following"  # a line below a status: you follow it
    PROMISE_BROKEN = "promise_broken"  # number, service, due
    # Corrections and additions
    CORRECTED = "corrected"  # number, service, place, due
    WHAT_TO_CORRECT = "what_to_correct"  # number; choices service, place
    RIGHT_PLACE = "right_place"  # number
    RIGHT_SERVICE = "right_service"  # number; the services as choices
    CLOSED_ALREADY = "closed_already"  # number
    VOICE_KEPT = "voice_kept"  # number
    VOICE_ADDED = "voice_added"  # the voice note is kept in the draft; the open question follows
    VOICE_NEW = "voice_new"  # the voice note is kept; the services as choices
    # When it is resolved
    IS_IT_FIXED = "is_it_fixed"  # below the news; choices yes, no
    IS_IT_FIXED_LATER = "is_it_fixed_later"  # number, service, place; choices yes, no
    RATE = "rate"  # choices 1 to 5
    ANY_WORD = "any_word"
    WORD_KEPT = "word_kept"
    REOPENED = "reopened"  # number
    TOO_LATE = "too_late"  # number, at; choices yes, no: a new report?
    # Their data
    MY_DATA_CODE = "my_data_code"  # code
    ERASE_CODE = "erase_code"  # code
    CODE_WRONG = "code_wrong"
    CODE_FAILED = "code_failed"
    CODE_DROPPED = "code_dropped"
    MY_DATA = "my_data"  # contact, language, since, reports, messages
    MY_DATA_FILE = "my_data_file"  # url
    MY_DATA_ATTACHED = "my_data_attached"
    ERASED = "erased"
    CONSENT_CHANGED = "consent_changed"  # url
    # Danger
    EMERGENCY_WHERE = "emergency_where"  # where is it? so that the city knows too
    VIOLENCE = "violence"  # phone
    SELF_HARM = "self_harm"  # phone
    ALERT = "alert"  # number, service, place: to the staff
    ALERT_NO_TICKET = "alert_no_ticket"  # to the staff: somebody tells of danger and has reported nothing yet
    # Dates, to the staff (bot/escalation.py)
    NEARLY_DUE = "nearly_due"  # number, service, where, department, span, due
    NEARLY_DUE_MANY = "nearly_due_many"  # count, numbers, span
    LATE = "late"  # number, service, where, department, span, due
    LATE_MANY = "late_many"  # count, numbers, span
    NO_STREET = "no_street"  # in place of `where`
    AT_DESK = "at_desk"  # url: a line below
    # To a clerk, of their own account at the desk: login, when. Never a link.
    ACCOUNT_PASSWORD = "account_password"  # noqa: S105 - a text, no password
    ACCOUNT_RESET = "account_reset"  # by an administrator
    ACCOUNT_FACTOR = "account_factor"
    ACCOUNT_NO_FACTOR = "account_no_factor"
    ACCOUNT_CODES = "account_codes"
    ACCOUNT_REACH = "account_reach"
    ACCOUNT_CODE_AGAIN = "account_code_again"
    ACCOUNT_NOT_YOU = "account_not_you"  # a line below
    # A person
    HANDED_OVER = "handed_over"  # the office is open
    HANDED_OVER_LATER = "handed_over_later"  # opens: it is closed until then
    PASSED_ON = "passed_on"  # a question that we cannot answer; the office is open, and the bot goes on
    PASSED_ON_LATER = "passed_on_later"  # opens: the office is closed until then
    CLERK_SAYS = "clerk_says"  # text, name
    BOT_BACK = "bot_back"
    # From the desk
    ABOUT_REPORT = "about_report"  # number, text, name: a clerk writes of a report
    REPLY_PASSED_ON = "reply_passed_on"  # number: what they answered goes to the clerk who wrote
    PHOTO_AT = "photo_at"  # url: of a photo, where the message cannot carry it
    TAKEN_BACK = "taken_back"  # number, service, status: a clerk undid what the last news told
    MERGED = "merged"  # number, other, service, status
    UNMERGED = "unmerged"  # number, other
    SPLIT_OFF = "split_off"  # number, other, service, due
    REFERRED = "referred"  # number, service, where: to an outside body, by e-mail; its note and the link are lines
    REFERRED_NOTE = "referred_note"  # note
    REFERRED_AT = "referred_at"  # url
    # From other programs
    ASK_TO_TELL = "ask_to_tell"  # city, number: a program named them as a report's reporter
    TOLD_FROM_NOW = "told_from_now"  # number, service, status
    NOT_TOLD = "not_told"
    # Mail to who was named by a program
    MAIL_ASK_SUBJECT = "mail_ask_subject"  # number
    MAIL_ASK = "mail_ask"  # city, number, service, where
    MAIL_ASK_LINK = "mail_ask_link"  # url
    MAIL_ASK_ELSE = "mail_ask_else"
    MAIL_FOOT = "mail_foot"  # phone, hours: below each mail
    MAIL_STOP = "mail_stop"  # url: the last line of each
    MAIL_NEWS = "mail_news"  # number, service, status: a subject
    MAIL_ABOUT = "mail_about"  # number, service: a subject
    MAIL_LETTER = "mail_letter"  # number: the subject of what a clerk writes
    # Information
    TOLD = "told"  # answer: the city's own words
    WAS_THIS_IT = "was_this_it"  # choices yes, no
    GLAD = "glad"
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


@dataclass(frozen=True, slots=True)
class Wording:
    """The city's own words, by language (config.yml)."""

    texts: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and an hour ("Monday, 8:00"), where a date alone would not do."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A date with its year ("Nov 23, 2026"), where it may be long ago."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Ago:
    """How long ago something was ("2 days ago")."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Distance:
    """As people say it ("40 m", "1.2 km")."""

    metres: float


@dataclass(frozen=True, slots=True)
class Working:
    """So much working time ("3 working days")."""

    span: Target


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report is due when it is ("5 working days from Wed, Apr 1; closed on Apr 3")."""

    explanation: Explanation


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes after this status."""

    status: Status


Value = (
    str
    | int
    | datetime
    | Place
    | Status
    | ServiceName
    | LanguageName
    | Wording
    | Moment
    | Day
    | Ago
    | Distance
    | Working
    | Reason
    | NextStep
)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice offered: `id` is stable across languages, `label` is worded by bot/i18n.py; a number as it is."""

    id: str
    label: "Say | ServiceName | LanguageName | Wording | Reply | int"


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
