"""Questions, other bodies and neighbours in config.yml: each mistake is named with its key."""

from pathlib import Path

import pytest
import yaml

from bot.config import ConfigError, load
from tickets.city import City

DEMO = Path(__file__).parents[2] / "config.yml"
NAMES = {"es": "Sí", "pt": "Sim", "en": "Yes", "fr": "Oui"}
OPTIONS = [{"code": "one", "names": NAMES}, {"code": "two", "names": NAMES}]
QUESTION = {"code": "size", "texts": NAMES, "options": OPTIONS}
BODY = {"names": NAMES, "reach": NAMES}


def read(folder: Path, service: dict[str, object], **top: object) -> City:
    """The demo's city with these keys of its first service, and of the file."""
    config = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    config["services"][0] |= service
    path = folder / "config.yml"
    path.write_text(yaml.safe_dump(config | top, allow_unicode=True), encoding="utf-8")
    return load(path, {}).city


def refused(folder: Path, service: dict[str, object], **top: object) -> str:
    with pytest.raises(ConfigError) as wrong:
        read(folder, service, **top)
    return "\n".join(str(problem) for problem in wrong.value.problems)


def test_a_question_and_its_answers_are_read(tmp_path: Path) -> None:
    words = [{"code": "one", "names": NAMES, "words": {"es": ["gran*", "no cabe"]}}, OPTIONS[1]]
    (question,) = read(tmp_path, {"questions": [QUESTION | {"options": words}]}).services[0].questions
    assert (question.code, [option.code for option in question.options]) == ("size", ["one", "two"])
    assert question.options[0].words == {"es": ("gran*", "no cabe")}


def test_a_question_without_options_is_answered_in_any_words(tmp_path: Path) -> None:
    (question,) = read(tmp_path, {"questions": [{"code": "plate", "texts": NAMES}]}).services[0].questions
    assert question.options == ()


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ({"questions": [QUESTION, QUESTION | {"code": "b"}, QUESTION | {"code": "c"}]}, "makes 4 questions with those of `asks`"),
        ({"questions": [QUESTION, QUESTION]}, "has the code size twice"),
        ({"questions": [QUESTION | {"options": OPTIONS[:1]}]}, "must be 2 to 8"),
        ({"questions": [QUESTION | {"options": [OPTIONS[0], OPTIONS[0]]}]}, "has the code one twice"),
        ({"questions": [QUESTION | {"code": "No Code"}]}, "a short word for it"),
        ({"questions": [QUESTION | {"texts": {"es": "¿?"}}]}, "has no pt"),
        ({"questions": [QUESTION | {"texts": dict.fromkeys(NAMES, "x" * 160)}]}, "characters too long for an SMS"),
        ({"questions": [QUESTION | {"options": [OPTIONS[0] | {"words": {"xx": ["a"]}}, OPTIONS[1]]}]}, "has xx"),
        ({"questions": [QUESTION | {"options": [OPTIONS[0] | {"words": "big"}, OPTIONS[1]]}]}, "lists of words"),
        ({"questions": [QUESTION | {"hint": "x"}]}, "is not known here"),
        ({"questions": "size"}, "must be a list"),
        ({"body": {"names": NAMES}}, "reach: is missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, service: dict[str, object], said: str) -> None:
    assert said in refused(tmp_path, service)


def test_a_service_of_another_body(tmp_path: Path) -> None:
    body = read(tmp_path, {"body": BODY}).services[0].body
    assert body
    assert body.reach["es"] == "Sí"


def test_who_is_outside(tmp_path: Path) -> None:
    city = read(tmp_path, {}, outside=BODY)
    assert city.outside
    assert [one.body.names["en"] for one in city.neighbours] == ["Costa Clara"]


def test_a_neighbour_without_an_area_is_a_mistake(tmp_path: Path) -> None:
    assert "norte has no area" in refused(tmp_path, {}, neighbours=[BODY | {"code": "norte"}])
