"""How long a city's own words may be, so that every text fits into two SMS (tests/test_segments_of_texts.py)."""

from collections.abc import Iterable

from bot.settings.section import Section
from channels.segments import count, gsm_safe

# Septets after folding. A service has what a row of a WhatsApp list has, the menu what its text leaves of two SMS.
LONGEST = {"name": 40, "privacy_url": 80, "emergency_number": 20, "phone": 25, "hours": 50, "names": 24}
MENU = 180


def check(section: Section, name: str, words: Iterable[str]) -> None:
    """Note where the value of this key is longer than a text has room for."""
    longest = max(map(_length, words), default=0)
    _refuse(section, name, longest - LONGEST[name], f"write at most {LONGEST[name]}")


def check_menu(section: Section, name: str, words: Iterable[str]) -> None:
    """The same for the services' names of one language, which stand in a menu together."""
    advice = f"so that the menu fits into two SMS, write at most {MENU} in all"
    _refuse(section, name, sum(map(_length, words)) - MENU, advice)


def _refuse(section: Section, name: str, over: int, advice: str) -> None:
    if over > 0:
        section.wrong(name, f"is {over} characters too long for an SMS: {advice}")


def _length(text: str) -> int:
    """Septets; a name in another script counts each letter as one, for its SMS is of another kind anyway."""
    return count(gsm_safe(text)).units
