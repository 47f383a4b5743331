"""What `make eval` prints and draws, on a handful of made-up outcomes."""

from xml.etree import ElementTree

from nlu.contract import LANGUAGES
from nlu.dataset import Example
from nlu.evaluation.crossvalidation import marked, split
from nlu.evaluation.metrics import Case, Outcome
from nlu.evaluation.pictures import calibration, confusion
from nlu.evaluation.report import column, confusions, intents, lines
from nlu.evaluation.served import Cost
from nlu.evaluation.stored import NAMES, columns, project
from nlu.parse import Guess, Parse

COST = Cost(load_s=1.5, memory_mb=150, ms=1.25)


def outcome(intent: str, said: str, language: str = "es", sure: float = 0.8) -> Outcome:
    case = Case(text="a b c", language=language, intent=intent, location=None, ticket=None, mixed=False)
    ranking = (Guess(name=said, confidence=sure),)
    told = Guess(name=language, confidence=1)
    return Outcome(case=case, parse=Parse(intent=said, confidence=sure, ranking=ranking, entities=(), language=told))


SOME = [outcome("greet", "greet", language) for language in LANGUAGES] + [outcome("thank", "greet")]


def test_pipelines_stand_side_by_side_and_a_figure_that_one_lacks_is_left_blank() -> None:
    ours = column({"authored": SOME}, COST)
    other = {**ours, "authored": {key: {"n": row["n"]} for key, row in ours["authored"].items()}}
    page = list(lines(["authored", "real"], {"vecino": ours, "stock": other}))
    assert next(line for line in page if line.startswith("n ")).split() == [
        "n", "2", "1", "1", "1", "5", "|", "2", "1", "1", "1", "5",
    ]  # fmt: skip
    assert len(next(line for line in page if line.startswith("macro_f1 ")).split("|")) == 2
    assert "vecino   loads in 1.5 s, 150 MB, 1.25 ms a message" in page


def test_each_intent_and_each_confusion_has_its_line() -> None:
    assert [line.split()[0] for line in intents(SOME)] == ["F1", "greet", "thank"]
    assert list(confusions("own", [(("thank", "greet"), 1)])) == [
        "own: what is taken for what most often",
        "     1  thank -> greet",
    ]


def test_the_pictures_are_svg_and_count_what_was_meant_and_understood() -> None:
    for picture in (confusion(SOME, "own"), calibration(SOME, "own")):
        ElementTree.fromstring(picture)
    assert confusion(SOME, "own").count('fill="#b3261e" fill-opacity="1.00"') == 1


def test_what_begins_alike_stays_in_one_part_and_nothing_is_lost() -> None:
    texts = ["hay un bache en la esquina", "hay un bache en la plaza", "no hay luz", "gracias", "hola", "basura"]
    examples = [
        Example(text=text, intent="greet", language="es", spans=(), file="es.yml", line=i)
        for i, text in enumerate(texts)
    ]
    parts = split(examples, 3)
    assert sorted(e.line for part in parts for e in part) == [0, 1, 2, 3, 4, 5]
    assert any({0, 1} <= {e.line for e in part} for part in parts)
    assert parts == split(examples, 3)


def test_an_example_is_written_as_in_the_data_files() -> None:
    text = "bache en Av. 5, folio 77"
    spans = ((9, 14, "location"), (22, 24, "ticket"))
    example = Example(text=text, intent="greet", language="es", spans=spans, file="es.yml", line=1)
    assert marked(example) == "bache en [Av. 5](location), folio [77](ticket)"


def test_the_other_pipelines_are_rasas_own_on_our_data(tmp_path) -> None:
    for name in NAMES:
        folder = project(name, 7, tmp_path / name)
        config = (folder / "config.yml").read_text()
        assert "components." not in config
        assert ("epochs: 7" in config) == (name == "stock")
        assert (folder / "data" / "es.yml").exists()


def test_a_stored_run_names_its_data() -> None:
    assert all(run["data_hash"] and run["examples_hash"] for run in columns().values())
