"""Violence and despair by rule: whose number it is, and what only sounds like it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.danger import Danger, Kind, danger_in

HERE = Path(__file__).parent
HARMLESS = "harmless"


def sentences(name: str) -> Iterator[tuple[str, str, str]]:
    """(language, kind, sentence) of a file beside this one."""
    tables: dict[str, dict[str, list[str]]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    for language, kinds in tables.items():
        for kind, rows in kinds.items():
            yield from ((language, kind, row) for row in rows)


@pytest.mark.parametrize(("language", "kind", "text"), list(sentences("dangers.yml")))
def test_who_tells_of_violence_or_despair_gets_that_lines_number(language: str, kind: str, text: str) -> None:
    found = danger_in(text)
    assert (found.kind if found else HARMLESS) == kind


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
def test_of_sentences_never_seen_few_are_missed_and_fewer_invented(language: str) -> None:
    told = [(kind, danger_in(text)) for spoken, kind, text in sentences("unseen_dangers.yml") if spoken == language]
    dangers = [(kind, found) for kind, found in told if kind != HARMLESS]
    harmless = [found for kind, found in told if kind == HARMLESS]
    assert sum(found is not None and found.kind == kind for kind, found in dangers) >= 0.7 * len(dangers)
    assert sum(found is not None for found in harmless) <= 0.1 * len(harmless)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("huele a gas en el edificio", Danger(kind=Kind.LIFE, acute=True)),
        ("mi marido me pega, tiene un cuchillo", Danger(kind=Kind.VIOLENCE, acute=True)),
        ("mi marido me pega", Danger(kind=Kind.VIOLENCE, acute=False)),
        ("me quiero morir", Danger(kind=Kind.SELF_HARM, acute=False)),
        ("me quiero morir, ya me corté, hay mucha sangre", Danger(kind=Kind.SELF_HARM, acute=True)),
        ("mi marido me pega y me quiero morir", Danger(kind=Kind.SELF_HARM, acute=False)),
        ("MI MARIDO ME PEGA!!!", Danger(kind=Kind.VIOLENCE, acute=False)),
        ("no me pega nadie", None),
        ("I don't want to kill myself", Danger(kind=Kind.SELF_HARM, acute=False)),  # who says so may need the number
        ("", None),
    ],
)
def test_the_gravest_is_what_it_is_and_acute_where_a_life_is_in_danger_now(text: str, danger: Danger | None) -> None:
    assert danger_in(text) == danger


@given(st.text(max_size=3000))
def test_any_text_is_read(text: str) -> None:
    danger_in(text)
