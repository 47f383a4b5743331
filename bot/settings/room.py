"""How long a city's own words may be, so that every text fits into two SMS (tests/test_segments_of_texts.py)."""

from collections.abc import Iterable, Sequence

from bot.settings.section import Mistake, Section
from channels.segments import count, gsm_safe

# Septets after folding. A service has what a row of a WhatsApp list has, the menu what its text leaves of two SMS.
LONGEST = {
    "name": 40,
    "privacy_url": 80,
    "emergency_number": 20,
    "phone": 25,
    "hours": 50,
    "names": 24,
    "reach": 60,
    "answers": 240,  # with "was this it?" and its two choices behind
}
MENU = 180
BODY = 40  # the name of who else is responsible
QUESTION = 160  # one SMS: a question with its numbered answers


def check(section: Section, name: str, words: Iterable[str], longest: int | None = None) -> None:
    """Note where the value of this key is longer than a text has room for."""
    most = LONGEST[name] if longest is None else longest
    over = max(map(length, words), default=0) - most
    _refuse(section, name, over, f"write at most {most}", Mistake.LONG, most)


def check_question(section: Section, name: str, text: str, answers: Sequence[str]) -> None:
    """The same for a question and its answers, which stand in one SMS together, each behind its number."""
    lines = "\n".join([text, *(f"{number} {answer}" for number, answer in enumerate(answers, 1))])
    _refuse(section, name, length(lines) - QUESTION, f"with its answers, write at most {QUESTION} in all")


def check_menu(section: Section, name: str, words: Iterable[str]) -> None:
    """The same for the services' names of one language, which stand in a menu together."""
    advice = f"so that the menu fits into two SMS, write at most {MENU} in all"
    _refuse(section, name, sum(map(length, words)) - MENU, advice, Mistake.MENU)


def _refuse(
    section: Section, name: str, over: int, advice: str, what: Mistake | None = None, most: int = MENU
) -> None:  # fmt: skip
    if over > 0:
        section.wrong(name, f"is {over} characters too long for an SMS: {advice}", what, shown=str(most))


def length(text: str) -> int:
    """Septets; a name in another script counts each letter as one, for its SMS is of another kind anyway."""
    return count(gsm_safe(text)).units
