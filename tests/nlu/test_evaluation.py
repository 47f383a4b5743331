"""What `make eval` prints and draws, on a handful of made-up outcomes."""

import json
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nlu import learned, remembered
from nlu.contract import LANGUAGES
from nlu.dataset import Example, load, read
from nlu.evaluation import effect, evaluate
from nlu.evaluation.cases import FIGURES_ONLY, sets
from nlu.evaluation.crossvalidation import split
from nlu.evaluation.evaluate import pages
from nlu.evaluation.examples import marked, sample, write
from nlu.evaluation.metrics import Case, Outcome
from nlu.evaluation.pictures import calibration, confusion
from nlu.evaluation.report import Pipeline, column, confusions, intents, lines
from nlu.evaluation.served import Cost
from nlu.evaluation.stored import CONFIGS, Run, Stored, columns, project, sentences_hash
from nlu.evaluation.targets import FIGURES, shortfalls
from nlu.parse import Guess, Parse

COST = Cost(load_s=1.5, memory_mb=150, ms=2.25, load_average=0.4)


def outcome(intent: str, said: str, language: str = "es", sure: float = 0.8) -> Outcome:
    case = Case(text="a b c", language=language, intent=intent, location=None, ticket=None, mixed=False)
    ranking = (Guess(name=said, confidence=sure),)
    told = Guess(name=language, confidence=1)
    return Outcome(case=case, parse=Parse(intent=said, confidence=sure, ranking=ranking, entities=(), language=told))


SOME = [outcome("greet", "greet", language) for language in LANGUAGES] + [outcome("thank", "greet")]


RUN = Run(name="linear", sentences_hash="0" * 16, sentences=60, share=0.1, epochs=None, train_s=9)


def row(page: list[str], label: str) -> list[str]:
    """The cells of the pipelines in the line of this label."""
    return next(line for line in page if line.startswith(label)).split("|")[1:]


def test_pipelines_stand_side_by_side_and_a_figure_that_one_lacks_is_a_dash() -> None:
    ours = column({"authored": SOME}, COST)
    other = {**ours, "authored": {key: {"n": row["n"]} for key, row in ours["authored"].items()}}
    wide, narrow = Pipeline(title="A", note="", column=ours), Pipeline(title="B", note="", column=other, narrow=True)
    page = list(lines(["authored"], [wide, narrow]))
    assert [cells.split() for cells in row(page, "messages")] == [["2", "1", "1", "1", "5"], ["5"]]
    assert row(page, "intent, macro-F1")[1].split() == ["-"]
    assert len({len(line) for line in page[:4] if "+" in line}) == 1


def test_a_figure_short_of_its_target_is_marked_in_the_table_and_named_below_it() -> None:
    ours = column({"authored": SOME, "hard": SOME}, COST)
    page = list(lines(["authored", "hard"], [Pipeline(title="A", note="", column=ours)]))
    assert "intent, macro-F1           ↑     ≥ .9" in "\n".join(page)
    assert ["!" in cells for cells in row(page, "intent, macro-F1")[0].split()] == [True, False, False, False, True]
    assert shortfalls(ours) == ["authored: intent, macro-F1 es 0.3333, all 0.4444 (wanted ≥ 0.9)"]


def test_what_a_pipeline_costs_is_marked_likewise_and_the_machines_load_stands_beside_it() -> None:
    page = list(lines([], [Pipeline(title="A", note="all data", column={"server": asdict(COST)})]))
    assert page[-1].split() == ["A", "(all", "data)", "1.5", "150", "2.25!", "0.4"]


def test_of_the_set_nobody_looks_at_only_figures_are_printed() -> None:
    assert set(sets()) >= FIGURES_ONLY
    outcomes = {"authored": SOME, "unseen": [outcome("deny", "affirm")]}
    page = "\n".join(pages(column(outcomes, COST), [], outcomes))
    assert "UNSEEN" in page
    assert "thank -> greet" in page
    assert "deny" not in page


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


def test_a_sample_has_its_share_of_every_intent_and_is_always_the_same(tmp_path: Path) -> None:
    examples = [
        Example(text=f"{intent} {i}", intent=intent, language=language, spans=((0, 3, "location"),), file="", line=i)
        for language in LANGUAGES
        for intent, count in (("greet", 40), ("thank", 3))
        for i in range(count)
    ]
    some = sample(examples, 0.1)
    assert len(some) == len(LANGUAGES) * (4 + 1)
    assert some == sample(examples, 0.1)
    write(some, tmp_path / "data")
    written = [e for language in LANGUAGES for e in read(tmp_path / "data" / f"{language}.yml", language)]
    assert sorted((e.language, e.text, e.spans) for e in written) == sorted((e.language, e.text, e.spans) for e in some)


def test_the_other_pipelines_are_rasas_own_on_our_data(tmp_path: Path) -> None:
    for name in CONFIGS:
        folder = project(name, tmp_path / name, share=0.01, epochs=7)
        config = (folder / "config.yml").read_text()
        assert ("components." in config) == (name == "vecino")
        assert ("epochs: 7" in config) == (name == "stock")
        assert 0 < len(load(folder / "data")) < 1000


def test_a_stored_run_says_on_what_it_was_trained_and_how_long(tmp_path: Path) -> None:
    kept = {"run": asdict(RUN), "column": column({"authored": SOME}, COST)}
    (tmp_path / "linear.json").write_text(json.dumps(kept))
    assert columns(tmp_path) == [Stored(run=RUN, column=kept["column"])]
    page = "\n".join(pages(kept["column"], columns(tmp_path), {"authored": SOME}))
    assert f"LogR+CRF, 10% data: a stored run, trained on 60 sentences (10% of data {'0' * 16}), 9 s" in page
    assert f"The data is now {sentences_hash()}." in page


def test_the_runs_that_are_stored_can_be_read_and_know_every_figure() -> None:
    for one in columns():
        assert set(one.column["authored"]["all"]) <= {figure.key for figure in FIGURES}
        assert one.run.sentences > 0


def test_a_new_model_is_set_beside_the_one_that_serves_before_it_is_taken(tmp_path: Path) -> None:
    better = [*SOME[:-1], outcome("thank", "thank")]
    serving = effect.Model(name="old", column=column({"authored": SOME, "hard": SOME}, COST), taught=[SOME[-1]])
    new = effect.Model(name="new", column=column({"authored": better, "hard": SOME}, COST), taught=[better[-1]])
    page = list(effect.lines(serving, new))
    (macro,) = (line for line in page if "intent, macro-F1" in line)
    assert macro.split("\u2191")[1].split() == ["0.444", "1.000", "+0.556", "+0.667", "=", "=", "=", "better"]
    assert any(line.startswith("AUTHORED: ") and line.endswith(" 1 worse") for line in page)  # less sure of it
    assert "HARD: alike" in page
    assert "TAUGHT SINCE: 1 that only the new model was trained on; 0 were read right, now 1" in page
    assert "python -m bot nlu use new" in page[-1]


@pytest.mark.parametrize(("model", "into"), [("0123.tar.gz", "package"), ("0123-45.tar.gz", "var/nlu")])
def test_the_packaged_report_is_that_of_our_own_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, into: str
) -> None:
    for folder in ("package", "var/nlu"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(evaluate, "HERE", tmp_path / "package")
    monkeypatch.setattr(evaluate, "MODELS", tmp_path / "var" / "models")
    evaluate._write(model, column({"authored": SOME}, COST), [], {"authored": SOME})
    (report,) = tmp_path.rglob("report.json")
    assert report.parent == tmp_path / into
    assert json.loads(report.read_text())["data_hash"] == model.removesuffix(".tar.gz")


def test_a_report_that_cannot_be_written_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "HERE", tmp_path / "nowhere")
    with pytest.raises(SystemExit, match=r"printed only, .*nowhere cannot be written: No such file"):
        evaluate._write("0123.tar.gz", column({"authored": SOME}, COST), [], {"authored": SOME})


def test_what_is_worse_is_called_so_whichever_way_is_good() -> None:
    sides = [column({"authored": some}, COST) for some in (SOME, [*SOME[:-1], outcome("thank", "emergency")])]
    page = list(effect.lines(*(effect.Model(name="m", column=side, taught=[]) for side in sides)))
    (alarms,) = (line for line in page if "false alarms, model" in line)
    assert alarms.split("\u2193")[1].split() == ["0.000", "0.200", "+0.200", "+0.500", "=", "=", "=", "worse"]


def test_a_change_that_is_chance_is_shown_and_not_called_better() -> None:
    sides = [column({"authored": [outcome("greet", "greet", sure=sure)]}, COST) for sure in (0.8, 0.803)]
    page = list(effect.lines(*(effect.Model(name="m", column=side, taught=[]) for side in sides)))
    assert "AUTHORED: 0 better, 0 worse" in page
    (error,) = (line for line in page if "ECE" in line)
    assert error.split()[-7:] == ["0.200", "0.197", "-0.003", "-0.003", "=", "=", "="]


def test_what_clerks_taught_and_the_model_that_serves_did_not_learn_is_asked_as_a_set_of_its_own(
    tmp_path: Path,
) -> None:
    serving, sentence = tmp_path / "m-1.tar.gz", "la farola de [calle Sol](location) no va"
    assert effect.taught(tmp_path, serving) == {}
    learned.write(tmp_path, [("es", "lighting", sentence), ("es", "tree", "se seca el [roble](location)")])
    assert len(effect.taught(tmp_path, serving)[effect.TAUGHT]) == 2
    remembered.write(remembered.beside(serving), ["se seca el [roble](location)"])
    (case,) = effect.taught(tmp_path, serving)[effect.TAUGHT]
    assert (case.text, case.intent, case.location) == ("la farola de calle Sol no va", "report_lighting", "calle Sol")
