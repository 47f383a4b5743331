"""References by rule. The component is free of Rasa, so it is loaded here without Rasa's environment."""

import importlib
import sys
from pathlib import Path

import pytest

NLU = str(Path(__file__).parents[2] / "nlu")


@pytest.fixture
def references(monkeypatch):
    monkeypatch.syspath_prepend(NLU)
    yield importlib.import_module("components.references")
    for name in [name for name in sys.modules if name.split(".")[0] == "components"]:
        del sys.modules[name]


def found(references, text: str, intent: str, place: str = "") -> list[tuple[str, str]]:
    span = sys.modules["components.words"].Span
    start = text.find(place)
    spans = [span(start, start + len(place), "location")] if place else []
    said = references.explained(text, references.tidy(text, spans), intent)
    return [(one.entity, text[one.start : one.end]) for one in said]


@pytest.mark.parametrize(
    ("text", "intent", "place", "says"),
    [
        ("qué pasó con el folio 8093", "report_pothole", "", [("ticket", "8093")]),
        ("mi folio es el 60417", "check_status", "", [("ticket", "60417")]),
        ("protocolo nº 33871", "check_status", "", [("ticket", "33871")]),
        ("ticket 77120 any update", "check_status", "ticket 77120", [("ticket", "77120")]),
        ("any news on KSA-3307", "check_status", "KSA-3307", [("ticket", "KSA-3307")]),
        ("where are we with 448210?", "check_status", "", [("ticket", "448210")]),
        ("la 90-2217 n'est pas réglée", "reopen", "la 90-2217", [("ticket", "90-2217")]),
        ("vivo en la calle 4455, ¿qué pasó?", "check_status", "la calle 4455", [("location", "la calle 4455")]),
        ("the gate code is 4471", "add_comment", "", []),
        ("a hole at 4471 Main", "report_pothole", "4471 Main", [("location", "4471 Main")]),
        ("reported in 2024, any news?", "check_status", "", []),
        ("call me on 5551234567, any news?", "check_status", "", []),
        ("it was 1500 metros away, any news?", "check_status", "", []),
        ("ticket 2000 francs", "ask_information", "", []),
    ],
)
def test_a_reference_is_told_from_other_numbers(references, text, intent, place, says) -> None:
    assert found(references, text, intent, place) == says


def test_what_the_chain_takes_for_a_reference_has_a_digit_and_four_signs(references) -> None:
    span = sys.modules["components.words"].Span
    assert references.tidy("go b4 noon", [span(3, 5, "ticket")]) == []
    assert references.tidy("n9 abcdef", [span(3, 9, "ticket")]) == []
