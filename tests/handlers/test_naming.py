"""Everyday words name services, in four languages, in the plural and with a letter mistyped."""

import pytest

from handlers.phrases.contrast import DENYING, SAYING
from handlers.phrases.correction_words import (
    ANOTHER,
    CORRECTING,
    PLACING,
    RIGHT,
    RIGHT_IS,
    RIGHT_OF,
    RIGHT_ONE,
    SMALL,
)
from handlers.phrases.naming import SERVICE_WORDS, services_named
from handlers.phrases.words import fold
from handlers.reports.amends import COUNTS, LINKING, PLACE_WORDS
from nlu.contract import LANGUAGES, SERVICE_CODES


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("el foco", ("lighting",)),
        ("es el ALUMBRADO público", ("lighting",)),
        ("los árboles", ("tree",)),
        ("o do lixo", ("waste",)),
        ("the street lights", ("lighting",)),
        ("traffic light", ("traffic_signal",)),
        ("the tarffic light, not the pothole", ("traffic_signal", "pothole")),
        ("trafic signal", ("traffic_signal",)),
        ("the trail light", ("lighting",)),
        ("le nid-de-poule", ("pothole",)),
        ("les poubelles", ("waste",)),
        ("feu tricolore", ("traffic_signal",)),
        ("el alumbrdo", ("lighting",)),
        ("graffitti", ("graffiti",)),
        ("no es basura, es una fuga", ("waste", "water")),
        ("buenos días", ()),
        ("calle 8", ()),
        ("", ()),
        ("👍", ()),
    ],
)
def test_words_name_services_in_the_order_of_the_words(text: str, named: tuple[str, ...]) -> None:
    assert services_named(text) == named


def test_every_service_has_words_in_every_language() -> None:
    assert set(SERVICE_WORDS) == set(SERVICE_CODES)
    assert {service for service, words in SERVICE_WORDS.items() if set(words) != set(LANGUAGES)} == set()


@pytest.mark.parametrize(
    "table",
    [
        DENYING, SAYING, PLACE_WORDS, LINKING, COUNTS, CORRECTING, SMALL, ANOTHER, PLACING, RIGHT, RIGHT_OF, RIGHT_IS,
        RIGHT_ONE,
    ],
)  # fmt: skip
def test_every_table_has_words_in_every_language(table: dict[str, tuple[str, ...]]) -> None:
    assert set(table) == set(LANGUAGES)
    assert all(table.values())


@pytest.mark.parametrize("table", [*SERVICE_WORDS.values(), DENYING, SAYING, PLACE_WORDS, COUNTS, CORRECTING, SMALL])
def test_words_are_written_as_they_are_compared(table: dict[str, tuple[str, ...]]) -> None:
    assert [word for words in table.values() for word in words if fold(word) != word] == []


def test_one_word_names_one_service_within_a_language() -> None:
    for language in LANGUAGES:
        words = [word for table in SERVICE_WORDS.values() for word in table[language]]
        assert len(words) == len(set(words)), language
