"""What citizens write: segments of SMS, phrases and keywords, numbers, places, danger, what is taken out of a text."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.phrases import PHRASES
from channels.keywords import keyword
from channels.segments import count, gsm_safe, split
from channels.words import clean
from handlers.phrases import (
    asking,
    contrast,
    correction_words,
    keywords,
    naming,
    neighbour_words,
    referring,
    repetition,
    stems,
    verdict,
    wishing,
    words,
)  # fmt: skip
from nlu import danger, emergency, redaction, several
from nlu.cleaning import clean as cleaned
from nlu.house_numbers import with_number
from nlu.places import Gazetteer
from nlu.street_words import is_type, tokens
from tests.fuzz.shapes import said
from tests.fuzz.target import Target, simple, size, text_of
from tests.town import CITY
from tickets.number import find_number, looks_like_number, read_number

_SAID = tuple(
    text.format(mark="12", number="7K3-9QX").encode()
    for one in PHRASES.values()
    for text in (*one.whole, *one.half, one.place, one.details, one.status, one.thanks)
)
_PLACES = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)


def _words(*folders: Any) -> tuple[bytes, ...]:
    """Whatever stands in the tables of these modules."""
    found: dict[bytes, None] = {}
    for module in folders:
        for name, value in vars(module).items():
            if name.isupper():
                found.update(dict.fromkeys(_texts(value)))
    return tuple(found)


def _texts(value: Any) -> Iterable[bytes]:
    if isinstance(value, str):
        yield value.encode()
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (*_texts(key), *_texts(inner))
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)


def _segments(data: bytes) -> str:
    text = text_of(data)
    cost = count(text)
    limit = 1 + len(data) % 200
    pieces = split(text, limit)
    assert "".join(pieces) == text, "a text that is not its pieces"
    assert all(0 < len(piece) <= limit for piece in pieces), "a piece that is too long"
    folded = gsm_safe(text)
    assert gsm_safe(folded) == folded, "folding once more changes it"
    return f"{cost.encoding} {size(cost.segments)} {size(len(pieces))} {count(folded).encoding}"


_PHRASES: tuple[Callable[[str], Any], ...] = (
    asking.asks_after, asking.asks_for_own, asking.asks_outright, contrast.denies, correction_words.tells_right_place,
    lambda text: correction_words.begins_to_correct(words.fold(text)), keywords.right, lambda text: bool(naming.services_named(text)),
    neighbour_words.says_join, neighbour_words.says_none, neighbour_words.begins_with_no, neighbour_words.ordinal,
    lambda text: neighbour_words.says_leave(text, "7K3-9QX"), lambda text: bool(referring.points_at(text)), verdict.fixed_by_words,
    verdict.may_be_fixed, verdict.goes_on, verdict.tells_another, verdict.is_bare, verdict.is_thanks, verdict.score_of,
    wishing.wishes_to_report, wishing.is_vague, wishing.speaks_of_one_made, lambda text: words.says(text, words.YES),
    lambda text: words.says(text, words.NO), words.begins_with_short_no, words.digits_alone, words.begins_with_yes_or_no, words.is_courtesy,
    words.does_not_know, words.language_named, lambda text: bool(words.languages_refused(text)), lambda text: bool(stems.stems(text)),
    lambda text: repetition.is_repetition(text, text[: len(text) // 2]), lambda text: bool(contrast.contrast(text, "es")),
    lambda text: contrast.tells_missing(text, "pt"), keyword,
)  # fmt: skip


def _phrases(data: bytes) -> str:
    text = text_of(data)
    folded = words.fold(text)
    assert words.fold(folded) == folded or not folded.isascii(), "folding once more changes it"
    return "".join(_mark(rule(text)) for rule in _PHRASES)


def _mark(said: object) -> str:
    return {True: "x", False: ".", None: "-"}.get(said, "o") if isinstance(said, bool | None) else "o"  # type: ignore[call-overload]


def _numbers(data: bytes) -> str:
    text = text_of(data)
    read, found, looks = read_number(text), find_number(text), looks_like_number(text)
    assert read is None or read_number(read) == read, "a number that is not read again"
    assert found is None or find_number(found) == found
    assert read is None or looks
    return f"{bool(read)} {bool(found)} {looks} {clean(text) == text.strip()}"


def _place(data: bytes) -> str:
    text = text_of(data)
    place = _PLACES.resolve(text)
    start = min(len(text), data[0] if data else 0)
    grown = with_number(text, start, min(len(text), start + 8))
    assert grown in text
    return f"{bool(place.point)} {bool(place.street)} {place.area} {is_type(text[:20])} {size(len(tokens(text)))} {size(len(grown))}"


def _danger(data: bytes) -> str:
    text = text_of(data)
    return f"{emergency.is_emergency(text)} {emergency.hints(text)} {danger.danger_in(text)} {size(len(several.pieces(text)))}"


def _redaction(data: bytes) -> str:
    text = text_of(data)
    pieces = redaction.pieces(text)
    assert "".join(piece for piece, _ in pieces) == text, "a text that is not its pieces"
    line = redaction.redact(text)
    assert "\n" not in line
    sent, cut = cleaned(text)
    return f"{size(len(pieces))} {size(len(line))} {size(cut)} {bool(sent)} {several.adds(text)} {several.is_another(text)}"


_TABLES = Path(emergency.__file__).parent
_PERIL = tuple(
    word.encode()
    for table in ("emergency.yml", "danger.yml")
    for row in (_TABLES / table).read_text(encoding="utf-8").splitlines()
    if row.strip().startswith("- ")
    for word in (row.strip()[2:].strip("\"'").replace("|", " ").replace("*", "").replace("&", " "),)
)
_STREETS = tuple(name.encode() for street in CITY.streets for name in (street.name, *street.also))
_MARKS = tuple(mark.name.encode() for mark in CITY.landmarks)
TARGETS = (
    Target(name="segments", longest=1500, opened=simple(_segments), samples=_SAID, words=["€".encode(), "ñ".encode(), "ç".encode(), b"^", b"{", b" ", "👍🏽".encode()]),
    Target(  # thirty-eight rules, one after the other
        name="phrases", longest=1500, seconds=0.25, opened=simple(_phrases), change=said, samples=_SAID,
        words=_words(asking, contrast, correction_words, keywords, naming, neighbour_words, verdict, wishing, words),
    ),
    Target(
        name="numbers", opened=simple(_numbers), change=said, samples=(b"7K3-9QX", b"#7k3 9qx.", b"con 7K3-9QX", *_SAID),
        words=b"7K3-9QX 7k39qx 7K3 9QX OIL o0o - . # dejalo bye-bye AAA-AAA".split(),
    ),
    Target(
        name="places", opened=simple(_place), change=said, samples=(*_SAID, b"Bolivar y Colon", b"entre Bolivar y Colon", b"Calle Molino 8 bis"),
        words=(*_STREETS, *_MARKS, *b"y entre esquina con & # nro 12 12-3 av. calle rua rue street road 5th la de a las 8 metros km".split()),
    ),
    Target(name="dangers", longest=1500, opened=simple(_danger), change=said, samples=_SAID, words=_PERIL),
    Target(
        name="redaction", longest=1500, opened=simple(_redaction), change=said, samples=(*_SAID, b"soy Ana Gomez, +52 55 1234 5678", b"me llamo Ana; a@b.example"),
        words=b"soy llamo nombre es my name is Ana Gomez de la Dr. Sra. @ana http://a.b www.c a@b.c +52 55 1234-5678 (55) . - y tambien".split(),
    ),
)  # fmt: skip
