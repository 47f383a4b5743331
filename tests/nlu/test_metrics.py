from dataclasses import replace

import pytest

from nlu.contract import LANGUAGES
from nlu.evaluation.cases import HERE, read
from nlu.evaluation.metrics import (
    Case,
    Outcome,
    by_intent,
    calibration_error,
    confusions,
    figures,
    macro_f1,
    reliability,
    token_f1,
)
from nlu.parse import Entity, Guess, Parse


def outcome(
    intent: str, said: str | None, *, place: str | None = None, found: str = "", sure: float = 1.0, text: str = "a b c"
) -> Outcome:
    case = Case(text=text, language="es", intent=intent, location=place, ticket=None, mixed=False)
    entities = (Entity(name="location", value=found, start=0, end=1),) if found else ()
    ranking = (Guess(name=said or "greet", confidence=sure),)
    language = Guess(name="es", confidence=1)
    return Outcome(
        case=case,
        parse=Parse(intent=said, confidence=sure, ranking=ranking, entities=entities, language=language),
    )


def test_macro_f1_weighs_each_intent_alike() -> None:
    assert macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7 + 0) / 2)


def test_places_count_by_word_and_spurious_ones_count_against() -> None:
    assert token_f1([("Calle Río 5", ["calle rio 5"])]) == 1
    assert token_f1([("Calle Río 5", ["Río"]), (None, ["aquí"])]) == pytest.approx(2 / 5)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    assert calibration_error([(0.95, True)] * 19 + [(0.95, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.95, False)] * 4) == pytest.approx(0.95)


def test_missed_and_false_emergencies_are_counted() -> None:
    row = figures([outcome("emergency", None), outcome("emergency", "emergency"), outcome("report_water", "emergency")])
    assert (row["emergencies_missed"], row["emergencies_false"]) == (1, 1.0)


def test_the_bot_also_counts_what_its_rule_finds() -> None:
    row = figures([outcome("emergency", None, text="help, the house is on fire and my kids are trapped inside")])
    assert (row["emergencies_missed"], row["bot_missed"]) == (1, 0)


def test_each_intent_has_its_own_f1_and_each_mistake_is_counted() -> None:
    some = [outcome("greet", "greet"), outcome("greet", "thank"), outcome("thank", "thank")]
    assert by_intent(some) == {"greet": (pytest.approx(2 / 3), 2), "thank": (pytest.approx(2 / 3), 1)}
    assert confusions(some) == {("greet", "thank"): 1}


def test_a_bin_of_confidence_knows_its_size_its_mean_and_how_often_it_was_right() -> None:
    assert reliability([(0.9, True), (1.0, False), (0.2, False)]) == [(1, 0.2, 0.0), (2, 0.95, 0.5)]


@pytest.mark.parametrize(
    ("intent", "told", "strict", "lenient"),
    [("greet", "es", 1, 1), ("greet", None, 0, 0), ("provide_location", None, 0, 1), ("provide_location", "pt", 0, 0)],
)
def test_silence_about_the_language_is_right_on_an_address_alone(
    intent: str, told: str | None, strict: float, lenient: float
) -> None:
    language = Guess(name=told, confidence=1) if told else None
    one = outcome(intent, intent)
    row = figures([one, replace(one, parse=replace(one.parse, language=language))])
    assert (row["language"], row["language_or_silence"]) == ((1 + strict) / 2, (1 + lenient) / 2)


def test_a_pipeline_that_never_tells_a_language_has_no_figure_for_it() -> None:
    one = outcome("greet", "greet")
    row = figures([replace(one, parse=replace(one.parse, language=None))])
    assert not {"language", "language_or_silence", "language_wrong"} & set(row)


def test_places_are_left_out_where_nobody_marked_them() -> None:
    assert "location_f1" not in figures([outcome("greet", "greet", found="x")])
    assert figures([outcome("report_tree", "report_tree", place="x", found="x")])["location_f1"] == 1


def test_the_authored_sets_are_there_in_every_language() -> None:
    for language in LANGUAGES:
        assert len(read(HERE / f"authored_{language}.jsonl")) > 400
