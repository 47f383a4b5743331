"""The form of an act on many tickets, as it was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.desk.bulk_book import MOST, Order, What
from bot.desk.bulk_step import MOVES
from tickets.city import City
from tickets.model import Priority, Status
from tickets.number import read_number
from tickets.workflow import NOTE_NEEDED
from web.case.direct import NOBODY
from web.case.forms import LONGEST, tidy

_CHOSEN = 20 * MOST  # characters of the numbers in a form


class Problem(StrEnum):
    """Why it was not taken; templates have the words (bulk/words.html)."""

    CHOOSE_TICKETS = "choose_tickets"
    CHOOSE_ACT = "choose_act"
    CHOOSE_ONE = "choose_one"  # to whom, or what
    NOTE_NEEDED = "note_needed"
    NOTE_EMPTY = "note_empty"
    NOTE_TOO_LONG = "note_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """`to` has what was chosen for each act, by its name, also for those that are not meant."""

    numbers: Sequence[str]
    what: What | None = None
    to: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", repr=False)
    problem: Problem | None = None

    @property
    def order(self) -> Order:
        """What is to be done; where there is no problem."""
        if self.what is None:
            raise ValueError
        to = self.to.get(self.what, "")
        return Order(what=self.what, to="" if to == NOBODY else to, note=self.text.strip())


def chosen(given: Iterable[str]) -> list[str]:
    """The numbers among what was sent, each once, at most MOST."""
    found = (number for text in given if (number := read_number(text[:40])))
    return list(dict.fromkeys(found))[:MOST]


def typed(fields: Mapping[str, str]) -> Typed:
    what = fields.get("what", "")
    return Typed(
        numbers=chosen(fields.get("numbers", "")[:_CHOSEN].split()),
        what=What(what) if what in set(What) else None,
        to={one: fields.get(one, "")[:100] for one in What},
        text=tidy(fields, "text"),
    )


def problem_of(sent: Typed, city: City) -> Problem | None:
    """What is wrong with it, if anything is."""
    if not sent.numbers:
        return Problem.CHOOSE_TICKETS
    if sent.what is None:
        return Problem.CHOOSE_ACT
    if not _is_offered(sent.what, sent.to.get(sent.what, ""), city):
        return Problem.CHOOSE_ONE
    if len(sent.text) > LONGEST:
        return Problem.NOTE_TOO_LONG
    return None if sent.text.strip() else _missing(sent.what, sent.to.get(sent.what, ""))


def _missing(what: What, to: str) -> Problem | None:
    """Of an act without words: those that it cannot be done without."""
    if what is What.MOVE:
        return Problem.NOTE_NEEDED if Status(to) in NOTE_NEEDED else None
    return Problem.NOTE_EMPTY if what in (What.NOTE, What.DEPARTMENT) else None


def _is_offered(what: What, to: str, city: City) -> bool:
    match what:
        case What.ASSIGN:  # who can have each of them is told ticket by ticket
            return bool(to)
        case What.MOVE:
            return to in set(MOVES)
        case What.PRIORITY:
            return to in set(Priority)
        case What.SERVICE:
            return city.service(to) is not None
        case What.DEPARTMENT:
            return to in {one.code for one in city.departments}
        case What.NOTE:
            return True
