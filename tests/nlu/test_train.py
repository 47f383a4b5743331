import json
import os
import select
import shutil
import subprocess
import sys
import tarfile
import threading
from io import BytesIO
from pathlib import Path

import pytest

from nlu import learned
from nlu.child import NoRasa
from nlu.chosen import choose
from nlu.dataset import DataError
from nlu.scratch import sweep, training
from nlu.train import FOLDER, TrainingFailed, candidate, data_hash, model_path, plain, slim, train
from tests.nlu.fake_trainer import fake_rasa


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a model depends on."""
    copy = tmp_path / "nlu"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns(".venv", "__pycache__", "evaluation"))
    return copy


@pytest.mark.parametrize("name", ["data/es.yml", "config.yml", "domain.yml", "components/grams.py", "requirements.txt"])
def test_the_hash_changes_with_everything_a_model_depends_on(project: Path, name: str) -> None:
    before = data_hash(project)
    (project / name).write_text((project / name).read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    assert data_hash(project) != before


def test_the_hash_does_not_change_with_the_rest(project: Path) -> None:
    before = data_hash(project)
    (project / "client.py").write_text("# other")
    assert data_hash(project) == before == data_hash()


def test_a_model_that_is_there_is_not_trained_again(project: Path, tmp_path: Path) -> None:
    there = model_path(tmp_path, project)
    there.write_bytes(b"a model")
    said: list[str] = []
    assert train(tmp_path, said.append, folder=project, python=tmp_path / "nowhere") == there
    assert "already" in said[0]


def test_wrong_data_is_refused_before_rasa_is_asked(project: Path, tmp_path: Path) -> None:
    with (project / "data" / "pt.yml").open("a", encoding="utf-8") as file:
        file.write("- intent: report_hole\n  metadata: {language: pt}\n  examples: |\n    - x\n")
    with pytest.raises(DataError, match=r"pt\.yml:\d+: 'report_hole' is not an intent"):
        train(tmp_path, print, folder=project, python=tmp_path / "nowhere")


def test_a_missing_environment_is_named(project: Path, tmp_path: Path) -> None:
    with pytest.raises(NoRasa, match="environment is not set up"):
        train(tmp_path / "models", print, folder=project, python=tmp_path / "nowhere")


def test_a_training_that_fails_leaves_no_model_and_names_its_log(project: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    with pytest.raises(TrainingFailed, match=r"training-\w+\.log"):
        train(models, print, folder=project, python=Path(sys.executable))  # our own Python has no Rasa
    assert not list(models.glob("*.tar.gz"))
    assert "No module named" in next(models.glob("training-*.log")).read_text()


def test_a_slim_model_obeys_no_slash_and_needs_no_tensorflow(tmp_path: Path) -> None:
    metadata = {
        "train_schema": {"nodes": {"a": {}}},
        "predict_schema": {"nodes": {"mine": {}, "run_RegexMessageHandler": {"needs": {"messages": "mine"}}}},
        "nlu_target": "run_RegexMessageHandler",
        "language": "xx",
    }
    with tarfile.open(tmp_path / "trained", "w:gz") as archive:
        for name, content in (("metadata.json", json.dumps(metadata).encode()), ("weights", b"1234")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    slim(tmp_path / "trained", tmp_path / "slim")
    with tarfile.open(tmp_path / "slim") as archive:
        weights, read = archive.extractfile("weights"), archive.extractfile("metadata.json")
        assert weights is not None
        assert read is not None
        assert weights.read() == b"1234"
        assert json.load(read) == {
            "train_schema": {"nodes": {}},
            "predict_schema": {"nodes": {"mine": {}}},
            "nlu_target": "mine",
            "language": "xx",
        }


def test_what_clerks_taught_makes_another_model_and_until_it_is_chosen_the_old_one_serves(
    project: Path, tmp_path: Path
) -> None:
    models = tmp_path / "var" / "models"
    models.mkdir(parents=True)
    before = model_path(models, project)
    before.write_bytes(b"a model")
    learned.write(tmp_path / "var" / "nlu", [("es", "lighting", "la farola de [calle Sol](location) no va")])
    assert model_path(models, project) == before
    said: list[str] = []
    with pytest.raises(TrainingFailed):
        train(models, said.append, folder=project, python=Path(sys.executable))
    assert "and 1 from clerks" in said[-1]
    new = candidate(models, project)
    new.write_bytes(b"a newer model")
    assert model_path(models, project) == before != new
    assert train(models, said.append, folder=project) == new
    assert f"{before.name} goes on serving" in said[-1]
    choose(models, new)
    assert model_path(models, project) == new


def test_who_chose_a_taught_model_keeps_what_was_taught_when_vecinos_own_data_changes(
    project: Path, tmp_path: Path
) -> None:
    models = tmp_path / "var" / "models"
    models.mkdir(parents=True)
    taught = [("es", "lighting", "la farola de [calle Sol](location) no va")]
    learned.write(tmp_path / "var" / "nlu", taught)
    choose(models, candidate(models, project))
    with (project / "config.yml").open("a") as file:
        file.write("# newer\n")
    own, said, rasa = plain(models, project), list[str](), fake_rasa(tmp_path)
    assert model_path(models, project) == own
    new = train(models, said.append, folder=project, python=rasa)
    assert own.exists()
    assert model_path(models, project) == new != own
    assert "goes on serving" not in said[-1]
    new.unlink()
    learned.write(tmp_path / "var" / "nlu", [*taught, ("pt", "tree", "a arvore caiu")])
    other = train(models, said.append, folder=project, python=rasa)
    assert model_path(models, project) == own != other
    assert "what is accepted has changed since: it is not made anew" in said[-2]


def test_what_a_killed_training_left_is_removed_also_where_nothing_is_to_be_trained(
    project: Path, tmp_path: Path
) -> None:
    left = tmp_path / "models" / "tmp1" / "data"
    left.mkdir(parents=True)
    plain(tmp_path / "models", project).touch()
    train(tmp_path / "models", lambda _: None, folder=project, python=tmp_path / "nowhere")
    assert not left.parent.exists()


def test_a_second_training_waits_for_the_first_and_trains_nothing_twice(project: Path, tmp_path: Path) -> None:
    models, said, waits = tmp_path / "models", list[str](), threading.Event()

    def tell(line: str) -> None:
        said.append(line)
        waits.set()

    with training(models, print):
        second = threading.Thread(target=train, args=(models, tell), kwargs={"folder": project, "python": models})
        second.start()
        assert waits.wait(10)
        (models / "tmp1").mkdir()
        plain(models, project).touch()
    second.join(10)
    assert "waiting for its end" in said[0]
    assert "trained already" in said[1]


_LASTS = """#!{python}
import pathlib
pathlib.Path("{folder}/began").write_text("x")
with open("{folder}/end", "rb", 0) as end:
    end.read(1)
"""
_TRAINS = """
import sys
from pathlib import Path
from nlu.train import train
train(Path(sys.argv[1]), print, folder=Path(sys.argv[2]), python=Path(sys.argv[3]))
"""


def test_as_long_as_the_rasa_of_a_killed_training_works_nobody_sweeps_its_folder(project: Path, tmp_path: Path) -> None:
    models, rasa = tmp_path / "models", tmp_path / "rasa"
    rasa.write_text(_LASTS.format(python=sys.executable, folder=tmp_path))
    rasa.chmod(0o700)
    began, end = (_pipe(tmp_path / name) for name in ("began", "end"))
    trains = subprocess.Popen([sys.executable, "-c", _TRAINS, models, project, rasa], cwd=FOLDER.parent)
    try:
        assert select.select([began], [], [], 30)[0]
    finally:
        trains.kill()
        trains.wait()
    assert not sweep(models)
    assert len(list(models.glob("tmp*"))) == 1
    os.write(end, b"x")
    with training(models, lambda _: None):  # that one has perhaps not looked for the word yet: it must not be lost
        assert list(models.glob("tmp*")) == []
    os.close(end)


def _pipe(path: Path) -> int:
    """Its descriptor, open to both sides: nobody waits for the other one to open it."""
    os.mkfifo(path)
    return os.open(path, os.O_RDWR)


def test_a_training_during_which_something_was_erased_leaves_no_model(project: Path, tmp_path: Path) -> None:
    models, taught = tmp_path / "var" / "models", [("es", "lighting", "la farola no va")]
    learned.write(tmp_path / "var" / "nlu", taught)

    def erase(said: str) -> None:
        if said.endswith("from clerks"):
            learned.write(tmp_path / "var" / "nlu", [("es", "lighting", "se fue la luz")])

    with pytest.raises(TrainingFailed, match="changed during the training"):
        train(models, erase, folder=project, python=fake_rasa(tmp_path))
    assert [path for path in models.iterdir() if path.suffix in {".gz", ".learned"}] == [plain(models, project)]


def test_one_sentence_that_cannot_be_learned_leaves_all_files_as_they_were(tmp_path: Path) -> None:
    learned.write(tmp_path, [("es", "lighting", "no hay luz"), ("fr", "tree", "un arbre")])
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    with pytest.raises(DataError, match="report_pond"):
        learned.write(tmp_path, [("es", "lighting", "otra cosa"), ("pt", "pond", "o lago")])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
    assert [learned.said(path) for path in learned.files(tmp_path)] == [["no hay luz"], ["un arbre"]]


def test_a_taught_file_that_was_broken_by_hand_stops_training_with_its_line(project: Path, tmp_path: Path) -> None:
    (tmp_path / "var" / "nlu").mkdir(parents=True)
    (tmp_path / "var" / "nlu" / "pt.yml").write_text(
        "nlu:\n- intent: wish\n  metadata: {language: pt}\n  examples: |\n    - x y\n"
    )
    (tmp_path / "var" / "models").mkdir()
    plain(tmp_path / "var" / "models", project).touch()
    with pytest.raises(DataError, match=r"pt\.yml:2: 'wish'"):
        train(tmp_path / "var" / "models", print, folder=project, python=tmp_path / "nowhere")
