from collections import Counter
from pathlib import Path

import pytest

from nlu.contract import INTENTS, LANGUAGES, REPORT_INTENTS
from nlu.dataset import DataError, Example, fold, load, near_duplicates, read
from nlu.evaluation.cases import sets

DATA = Path(__file__).parents[2] / "nlu" / "data"
MANY = dict.fromkeys(("check_status", "ask_information", "provide_location", "out_of_scope", "emergency"), 80)
LEAST = dict.fromkeys(INTENTS, 30) | MANY | dict.fromkeys(REPORT_INTENTS, 150)
UNEVEN = 1.5  # times as many examples as another language has of the same intent
TELLING = 4  # words; people write the same "buenos días" everywhere
BLOCK = """version: "3.1"
nlu:
- intent: {intent}
  metadata: {{language: {language}}}
  examples: |
    - hay un bache en [Av. 5](location)
    {line}
"""


def written(tmp_path: Path, *, intent: str = "report_pothole", language: str = "es", line: str = "- otro") -> Path:
    path = tmp_path / "es.yml"
    path.write_text(BLOCK.format(intent=intent, language=language, line=line), encoding="utf-8")
    return path


def test_an_example_knows_its_words_its_spans_and_its_line(tmp_path: Path) -> None:
    first, second = read(written(tmp_path), "es")
    assert (first.text, first.spans, first.where()) == ("hay un bache en Av. 5", ((16, 21, "location"),), "es.yml:6")
    assert second.where() == "es.yml:7"


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        ({"intent": "report_hole"}, "es.yml:3: 'report_hole' is not an intent"),
        ({"language": "pt"}, "es.yml:3: metadata must say `language: es`"),
        ({"line": "no dash"}, "es.yml:7: an example begins with"),
        ({"line": "- en [casa](place)"}, r"es.yml:7: write entities as"),
        ({"line": "- en [casa](location"}, r"es.yml:7: write entities as"),
        ({"line": '- en [casa]{"entity": "location"}'}, r"es.yml:7: write entities as"),
    ],
)
def test_each_mistake_is_named_with_file_and_line(tmp_path: Path, mistake: dict[str, str], says: str) -> None:
    with pytest.raises(DataError) as error:
        read(written(tmp_path, **mistake), "es")
    assert str(error.value).startswith(says)


def test_a_missing_language_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"es\.yml: the file is missing"):
        load(tmp_path)
    (tmp_path / "es.yml").write_text("nlu: [", encoding="utf-8")
    with pytest.raises(DataError, match=r"es\.yml: not YAML"):
        load(tmp_path)


def test_an_intent_that_one_language_lacks_is_named(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.yml").write_text(BLOCK.format(intent="greet", language=language, line="- x"))
    with pytest.raises(DataError, match=r"es\.yml: no examples for abuse"):
        load(tmp_path)


def test_twins_are_found_also_with_another_street_or_one_word_swapped() -> None:
    def example(text: str, *, place: str = "") -> Example:
        start = text.find(place) if place else 0
        spans = ((start, start + len(place), "location"),) if place else ()
        return Example(text=text, intent="greet", language="es", spans=spans, file="es.yml", line=1)

    pairs = near_duplicates(
        [
            example("¡Hola, qué tal!"),
            example("hola que tal"),
            example("hay un bache grande en Rosas 5", place="Rosas 5"),
            example("hay un bache enorme en Calle Nueva 12", place="Calle Nueva 12"),
        ]
    )
    assert [fold(one.text) for one, _ in pairs] == ["hola que tal", "hay un bache grande en rosas 5"]


def test_the_data_has_every_intent_in_every_language_and_no_twins() -> None:
    examples = load(DATA)
    assert {e.intent for e in examples} == INTENTS
    assert [(one.where(), other.where()) for one, other in near_duplicates(examples)] == []


def test_each_intent_has_its_least_and_no_language_far_more_of_it_than_another() -> None:
    counts = Counter((e.intent, e.language) for e in load(DATA))
    assert {key: n for key, n in counts.items() if n < LEAST[key[0]]} == {}
    most = {intent: UNEVEN * min(counts[intent, language] for language in LANGUAGES) for intent in INTENTS}
    assert {key: n for key, n in counts.items() if n > most[key[0]]} == {}


def test_no_sentence_is_both_trained_on_and_measured_on() -> None:
    measured = {fold(case.text) for cases in sets().values() for case in cases}
    both = [e.where() for e in load(DATA) if fold(e.text) in measured and len(fold(e.text).split()) >= TELLING]
    assert both == []
