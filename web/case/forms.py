"""A form of the case as it was sent, and why it was not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp.web import HTTPBadRequest, Request

LONGEST = 1000  # characters of a text; it must fit in a message


class Problem(StrEnum):
    """Why a form was not taken; templates have the words (words.html)."""

    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    NOT_YOURS = "not_yours"
    CHOOSE = "choose"
    CHOOSE_SERVICE = "choose_service"
    NOTE_NEEDED = "note_needed"
    NOTE_EMPTY = "note_empty"
    NOTE_TOO_LONG = "note_too_long"
    NOT_NOW = "not_now"
    CHOOSE_PERSON = "choose_person"
    CHOOSE_PRIORITY = "choose_priority"
    CHOOSE_DEPARTMENT = "choose_department"
    CHOOSE_LANGUAGE = "choose_language"
    PLACE_EMPTY = "place_empty"
    POINT_WRONG = "point_wrong"
    NUMBER_WRONG = "number_wrong"
    BODY_EMPTY = "body_empty"
    ADDRESS_WRONG = "address_wrong"
    CONSENT = "consent"
    CHOOSE_WAY = "choose_way"
    PHOTO_TOO_LARGE = "photo_too_large"
    PHOTO_UNREADABLE = "photo_unreadable"
    PHOTO_HEIC = "photo_heic"
    PHOTO_PIXELS = "photo_pixels"
    PHOTO_GONE = "photo_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form as it was sent, so that nothing typed is lost. `act` names the form, `seen` is the version of the ticket
    that the clerk saw, `fields` everything else that it holds."""

    act: str = ""
    number: str = ""
    seen: int = 0
    to: str = ""
    text: str = field(default="", repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    problem: StrEnum | None = None

    def __getitem__(self, name: str) -> str:
        """A field of the form, empty where it was not sent."""
        return self.fields.get(name, "")


class Forms:
    """The forms of a page by their names: the one that was sent, and untouched ones."""

    def __init__(self, sent: Typed | None = None) -> None:
        self._sent = sent

    def __getitem__(self, act: str) -> Typed:
        return self._sent if self._sent and self._sent.act == act else Typed(act=act)

    @property
    def problem(self) -> StrEnum | None:
        return self._sent.problem if self._sent else None

    @property
    def text(self) -> str:
        """What was written in the one that was sent."""
        return self._sent.text if self._sent else ""

    @property
    def seen(self) -> int:
        return self._sent.seen if self._sent else 0


def typed(request: Request, fields: Mapping[str, str], act: str, *, to: str = "to") -> Typed:
    """The form that was sent to the act of a case. `to` is the field with what was chosen."""
    try:
        seen = int(fields["version"][:10])
    except (KeyError, ValueError) as broken:
        raise HTTPBadRequest from broken
    return Typed(
        act=act,
        number=request.match_info["number"],
        seen=seen,
        to=fields.get(to, ""),
        text=tidy(fields, "text"),
        fields=fields,
    )


def tidy(fields: Mapping[str, str], name: str) -> str:
    """A field of several lines."""
    return fields.get(name, "").replace("\r\n", "\n").replace("\0", "")


def line_of(fields: Mapping[str, str], name: str) -> str:
    """A field of one line."""
    return " ".join(fields.get(name, "").replace("\0", "").split())


def problem_of_text(typed: Typed) -> Problem | None:
    """Of a text that must be there."""
    return problem_of_length(typed) if typed.text.strip() else Problem.NOTE_EMPTY


def problem_of_length(typed: Typed) -> Problem | None:
    """Of a text that may be there."""
    return Problem.NOTE_TOO_LONG if len(typed.text) > LONGEST else None
