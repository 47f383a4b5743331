import json
import shutil
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from nlu import learned
from nlu.child import NoRasa
from nlu.dataset import DataError
from nlu.train import FOLDER, TrainingFailed, data_hash, model_path, slim, train


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


def test_what_clerks_taught_makes_another_model_and_until_it_is_trained_the_old_one_serves(
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
    assert "and 1 from clerks" in said[0]
    trained = models / f"{data_hash(project)}-12345678.tar.gz"
    trained.write_bytes(b"a newer model")
    assert model_path(models, project) == trained


def test_a_taught_file_that_was_broken_by_hand_stops_training_with_its_line(project: Path, tmp_path: Path) -> None:
    (tmp_path / "var" / "nlu").mkdir(parents=True)
    (tmp_path / "var" / "nlu" / "pt.yml").write_text(
        "nlu:\n- intent: wish\n  metadata: {language: pt}\n  examples: |\n    - x y\n"
    )
    with pytest.raises(DataError, match=r"pt\.yml:2: 'wish'"):
        train(tmp_path / "var" / "models", print, folder=project, python=tmp_path / "nowhere")
