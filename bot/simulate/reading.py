"""What a citizen makes of what the phone shows: our texts, recognised by reversing the catalogues."""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.i18n import Words
from bot.texts import TEXTS
from channels.segments import gsm_safe
from channels.simulator import Bubble
from handlers.say import Say
from tickets.city import City

_NUMBER = r"[0-9A-Z]{3}-[0-9A-Z]{3}"
_NUMBERED = re.compile(r"(\d{1,2}) (.+)")
_LABELS = frozenset({
    Say.YES, Say.NO, Say.CHANGE_SERVICE, Say.CHANGE_PLACE, Say.DROP, Say.MORE, Say.NONE_OF_THESE, Say.NEARBY_LINE,
})  # fmt: skip
_BELOW = frozenset({
    Say.IS_IT_FIXED, Say.WAS_THIS_IT, Say.NEXT, Say.LAST_NEWS, Say.FOLLOWING, Say.STATUS_LINE, Say.NEARBY,
    Say.EMERGENCY_WHERE,
})  # fmt: skip
_CITYS_OWN = frozenset({Say.QUESTION, Say.TOLD})  # their whole text is the city's, from config.yml
_TO_OTHERS = frozenset({Say.REFERRED_NOTE})  # a body beyond the city gets it by e-mail, no phone shows it
_ANYTHING = frozenset({Say.CLERK_SAYS})  # tried last: nearly every text would do


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """A choice as the phone shows it: its label, the digit that means it, and the button's id where it is one."""

    label: str = field(repr=False)
    digit: str
    id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A bubble as understood; `say` and `language` are None where no text of ours fits it. `below`: what its further
    lines say."""

    say: Say | None
    below: tuple[Say, ...]
    language: str | None
    values: Mapping[str, str] = field(repr=False)
    choices: tuple[Choosable, ...]
    bubble: Bubble = field(repr=False)

    @property
    def question(self) -> Say | None:
        """What it asks, if anything: the question stands last."""
        said = next((say for say in (*reversed(self.below), self.say) if say in QUESTIONS), None)
        return said or (self.say if self.choices else None)

    def says(self, *wanted: Say) -> bool:
        return self.say in wanted or any(say in wanted for say in self.below)


QUESTIONS = frozenset({
    Say.WHICH_SERVICE, Say.NOT_UNDERSTOOD, Say.SORRY_MENU, Say.WHERE, Say.WHAT_HAPPENED, Say.PLACE_NEEDED,
    Say.CONFIRM, Say.CONFIRM_PHOTO, Say.WHAT_TO_CHANGE, Say.WHICH_LANGUAGE, Say.STOP_ASK, Say.QUESTION, Say.NEARBY,
    Say.WHICH_TICKET, Say.WHAT_TO_CORRECT, Say.RIGHT_PLACE, Say.RIGHT_SERVICE, Say.VOICE_NEW, Say.IS_IT_FIXED,
    Say.IS_IT_FIXED_LATER, Say.RATE, Say.ANY_WORD, Say.REOPENED, Say.TOO_LATE, Say.MY_DATA_CODE, Say.ERASE_CODE,
    Say.CODE_WRONG, Say.EMERGENCY_WHERE, Say.WAS_THIS_IT, Say.OUTSIDE, Say.OUTSIDE_UNKNOWN,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    say: Say
    pattern: re.Pattern[str]
    letters: int  # that are ours: the more, the surer


class Phrasebook:
    """All of our texts in all of the city's languages, to be read backwards."""

    def __init__(self, city: City, words: Words) -> None:
        self._languages = city.languages
        self._known = {language: _known(city, words, language) for language in city.languages}
        self.labels = {
            language: {what: words.translation(language).gettext(TEXTS[what]) for what in _LABELS}
            for language in city.languages
        }
        self.services = {language: {s.code: s.names[language] for s in city.services} for language in city.languages}
        self._find = lru_cache(20_000)(self._look)

    def read(self, bubble: Bubble, expected: str) -> Heard:
        """What this bubble says; where several languages would do, it is the expected one."""
        text, choices = _without_choices(bubble)
        head, below = self._peeled(text, expected)
        say, language, values = self._find(head, expected)
        return Heard(say=say, below=below, language=language, values=dict(values), choices=choices, bubble=bubble)

    def _peeled(self, text: str, expected: str) -> tuple[str, tuple[Say, ...]]:
        """The text without those of its last lines that only stand below another text."""
        lines = text.split("\n")
        for start in range(1, len(lines)):
            below = [self._find(line, expected)[0] for line in lines[start:]]
            if all(say in _BELOW for say in below):
                return "\n".join(lines[:start]), tuple(say for say in below if say)
        return text, ()

    def _look(self, text: str, expected: str) -> tuple[Say | None, str | None, tuple[tuple[str, str], ...]]:
        for language in (expected, *(code for code in self._languages if code != expected)):
            for known in self._known[language]:
                if found := known.pattern.fullmatch(text):
                    return known.say, language, tuple((k, v or "") for k, v in found.groupdict().items())
        return None, None, ()


def _without_choices(bubble: Bubble) -> tuple[str, tuple[Choosable, ...]]:
    """The text without the numbered lines at its end, which are its choices where the phone has no buttons."""
    if bubble.choices:
        return bubble.text, tuple(
            Choosable(label=c.label, digit=str(i), id=c.id) for i, c in enumerate(bubble.choices, 1)
        )
    lines = bubble.text.split("\n")
    for start in range(1, len(lines)):
        found = [_NUMBERED.fullmatch(line) for line in lines[start:]]
        if all(f and f[1] == str(i) for i, f in enumerate(found, 1)):
            return "\n".join(lines[:start]), tuple(
                Choosable(label=f[2], digit=f[1], id=None) for f in found if f is not None
            )
    return bubble.text, ()


def _known(city: City, words: Words, language: str) -> Sequence[_Known]:
    """Surest first."""
    found = [
        _Known(say, re.compile(_pattern(text), re.DOTALL), _letters(text))
        for say, source in _texts(city, words, language)
        for text in dict.fromkeys((source, gsm_safe(source)))
    ]
    return sorted(found, key=lambda known: (known.say in _ANYTHING, -known.letters))


def _texts(city: City, words: Words, language: str) -> Iterator[tuple[Say, str]]:
    translation = words.translation(language)
    for say, source in TEXTS.items():
        if say not in _LABELS | _CITYS_OWN | _TO_OTHERS:
            yield say, translation.gettext(source)
    for service in city.services:
        yield from ((Say.QUESTION, _braced(question.texts[language])) for question in service.questions)
    yield from ((Say.TOLD, _braced(one.answers[language])) for one in city.information)


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _letters(text: str) -> int:
    return sum(len(literal) for literal, *_ in string.Formatter().parse(text))


def _pattern(text: str) -> str:
    """A text with its values as named groups; a note may be missing, with the space before it."""
    pieces: list[str] = []
    seen: set[str] = set()
    for literal, name, *_ in string.Formatter().parse(text):
        pieces.append(re.escape(literal))
        if name is not None:
            pieces.append(_group(name, again=name in seen))
            seen.add(name)
    joined = "".join(pieces)
    return joined.replace(r"\ (?P<note>", r"\s*(?P<note>").replace(r" (?P<note>", r"\s*(?P<note>")


def _group(name: str, *, again: bool) -> str:
    if again:
        return f"(?P={name})"
    values = {"number": _NUMBER, "note": ".*?", "code": r"\d{6}", "place": ".+?"}
    return f"(?P<{name}>{values.get(name, '.+?')})"
