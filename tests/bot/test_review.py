"""What a clerk's correction taught is reviewed, trained, chosen and forgotten."""

import io
import tarfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import nlu as commands
from bot.commands.nlu import learned_folder, review, show_models, use
from bot.config import Config, load
from bot.learning import Correcting, NoLesson
from bot.ports import Lesson, Verdict
from nlu import learned
from nlu.chosen import NoModel, is_taught
from nlu.dataset import read
from nlu.evaluation.cases import sets
from nlu.evaluation.comparison import compare
from nlu.scratch import training
from nlu.train import candidate, data_hash, model_path, plain, train
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from tests.bot.test_learning import TOLD, kept, lessons
from tests.nlu.fake_trainer import fake_rasa
from tests.town import CITY, START, Clock
from tickets.model import CITIZEN
from tickets.workflow import filed


@pytest.fixture
async def taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Database, object]]:
    """A city with one proposed example, and its configuration."""
    url, secret = f"sqlite:///{tmp_path / 'v.db'}", "a-secret-for-tests-only-long-enough-to-be-one"
    environment = {"VECINO_VAR": str(tmp_path), "VECINO_DATABASE_URL": url, "VECINO_SECRET_KEY": secret}
    config = load(Path(__file__).parents[2] / "config.yml", environment)
    await migrate(url)
    database = await Database.open(url, Seal(secret), clock=Clock(), durable=False)
    await kept(database)
    await Correcting(database, CITY, Clock())(number=TOLD.number, service="lighting", version=1, login="ana")
    yield database, config
    await database.close()


async def test_an_accepted_example_is_written_where_training_finds_it(
    taught: tuple, capsys: pytest.CaptureFixture
) -> None:
    database, config = taught
    (lesson,) = await lessons(database)
    with pytest.raises(NoLesson, match="no example of 99"):
        await review(config, [lesson.id, 99])
    (example,) = read(learned_folder(config) / "es.yml", "es")
    assert (example.intent, example.text) == ("report_lighting", "soy, farola apagada en calle 0")
    assert (learned_folder(config) / "es.yml").stat().st_mode & 0o077 == 0
    assert "nlu compare" in capsys.readouterr().out


async def test_a_number_that_is_accepted_and_rejected_at_once_changes_nothing(taught: tuple) -> None:
    database, config = taught
    (lesson,) = await lessons(database)
    with pytest.raises(NoLesson, match="at once"):
        await review(config, [lesson.id], [lesson.id])
    assert await lessons(database) == [lesson]


async def test_what_was_judged_can_be_seen_and_judged_anew(taught: tuple, capsys: pytest.CaptureFixture) -> None:
    database, config = taught
    (lesson,) = await lessons(database)
    await review(config, [lesson.id])
    await review(config, every=True)
    listed = capsys.readouterr().out
    assert listed.index("1 accepted") < listed.index(TOLD.number) < listed.index("0 rejected")
    await review(config, [], [lesson.id])
    assert await lessons(database, Verdict.REJECTED)
    assert learned.files(learned_folder(config)) == []


async def test_a_citizen_who_asks_for_it_is_forgotten_in_database_files_and_models(
    taught: tuple, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    database, config = taught
    with_it = await _learned(taught, tmp_path)
    with pytest.raises(NoLesson, match="no example of NO-SUCH"):
        await review(config, forget=[TOLD.number, "NO-SUCH"])
    assert [await lessons(database, verdict) for verdict in Verdict] == [[], [], []]
    assert (learned.files(learned_folder(config)), with_it.exists()) == ([], False)
    assert model_path(config.settings.models) == candidate(config.settings.models) == _plain(config)
    said = capsys.readouterr().out
    assert "removed; start the bot anew" in said
    assert "no model of this data is left" not in said
    assert [path.name for path in config.settings.models.glob("*.learned")] == []


async def test_where_nothing_is_erased_no_model_goes(taught: tuple, tmp_path: Path) -> None:
    database, config = taught
    with_it = await _learned(taught, tmp_path)
    (lesson,) = await lessons(database, Verdict.ACCEPTED)
    await review(config, [], [lesson.id])
    assert with_it.exists()
    assert model_path(config.settings.models) == with_it


async def test_what_is_erased_after_it_was_rejected_leaves_the_models_that_had_learned_it(
    taught: tuple, tmp_path: Path
) -> None:
    database, config = taught
    with_it = await _learned(taught, tmp_path)
    (lesson,) = await lessons(database, Verdict.ACCEPTED)
    await review(config, [], [lesson.id])
    async with database.work() as work:  # as when its citizen erases everything
        await work.lessons.withdraw(TOLD.number)
        await work.commit()
    await review(config)
    assert not with_it.exists()
    assert model_path(config.settings.models) == _plain(config)


async def test_a_model_goes_only_with_what_it_learned_itself(taught: tuple, tmp_path: Path) -> None:
    database, config = taught
    models, other = config.settings.models, replace(TOLD, number="ABC-DEF")
    with_it = await _learned(taught, tmp_path)
    async with database.work() as work:
        lesson = Lesson(number=other.number, language="es", service="tree", text="hay un roble en [la plaza](location)")
        await work.tickets.file(other, filed(other, actor=CITIZEN))
        await work.lessons.propose(lesson, START)
        await work.commit()
    (proposed,) = await lessons(database)
    await review(config, [proposed.id])
    with_both = train(models, lambda _: None, python=fake_rasa(tmp_path))
    await review(config, forget=[other.number])
    assert (with_it.exists(), with_both.exists()) == (True, False)
    assert model_path(models) == with_it


async def test_of_a_model_nobody_knows_what_it_learned_so_it_goes_at_the_next_review(taught: tuple) -> None:
    _, config = taught
    old = _model(config, f"{data_hash()}-12345678")
    await review(config)
    assert not old.exists()


async def test_where_no_model_is_left_the_next_step_is_told(
    taught: tuple, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    _, config = taught
    await _learned(taught, tmp_path)
    _plain(config).unlink()
    await review(config, forget=[TOLD.number])
    assert "no model of this data is left: `python -m bot train`" in capsys.readouterr().out


async def test_what_a_killed_training_copied_is_forgotten_too(
    taught: tuple, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    _, config = taught
    models = config.settings.models
    await _learned(taught, tmp_path)
    (models / "tmpkilled" / "data").mkdir(parents=True)
    await review(config, forget=[TOLD.number])
    assert list(models.glob("tmp*")) == []
    assert "a training goes on" not in capsys.readouterr().out


async def test_what_a_running_training_copied_is_left_to_it(taught: tuple, capsys: pytest.CaptureFixture) -> None:
    _, config = taught
    with training(config.settings.models, lambda _: None):
        (config.settings.models / "tmpworking").mkdir()
        await review(config, forget=[TOLD.number])
        assert (config.settings.models / "tmpworking").exists()
    assert "a training goes on" in capsys.readouterr().out
    await review(config)
    assert not (config.settings.models / "tmpworking").exists()


@pytest.mark.parametrize("chosen", ["nobody chose", "plain"])
async def test_an_update_lets_no_taught_model_serve_that_nobody_chose(
    taught: tuple, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    _, config = taught
    models = config.settings.models
    await _learned(taught, tmp_path, then_use=False)
    if chosen == "plain":
        use(config, _plain(config).name)
    monkeypatch.setattr("nlu.train.data_hash", lambda folder: "f" * 16)
    new = train(models, lambda _: None, python=fake_rasa(tmp_path))
    assert is_taught(new.name)
    assert model_path(models) == models / f"{'f' * 16}.tar.gz"
    assert model_path(models).exists()
    model_path(models).unlink()
    assert not model_path(models).exists()


async def test_what_would_change_is_shown_where_the_bot_runs_and_nothing_is_swapped(
    taught: tuple, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, config = taught
    monkeypatch.setenv("VECINO_NLU_PYTHON", str(fake_rasa(tmp_path)))
    new, said = await _learned(taught, tmp_path, then_use=False), list[str]()
    few = {name: some[:3] for name, some in sets().items()}
    await compare(new, said.append, few)
    assert f"{_plain(config).name} serves, {new.name} is new" in said[1]
    assert "TAUGHT SINCE: 1 that only the new model was trained on; 0 were read right, now 1" in said
    assert model_path(config.settings.models) == _plain(config)
    use(config, new.name)
    await commands.compare(config)
    assert [path.name for path in learned_folder(config).iterdir()] == ["es.yml"]


async def test_the_demos_sentences_never_take_the_place_of_a_live_citys(taught: tuple) -> None:
    database, config = taught
    (lesson,) = await lessons(database)
    await review(replace(config, settings=replace(config.settings, demo=False)), [lesson.id])
    with pytest.raises(NoLesson, match="live city"):
        await review(config, [], [lesson.id])
    assert await lessons(database, Verdict.ACCEPTED)


async def test_an_accepted_example_is_trained_in_and_serves_once_it_is_chosen_and_not_before(
    taught: tuple, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    database, config = taught
    models, rasa, said = config.settings.models, fake_rasa(tmp_path), list[str]()
    own = train(models, said.append, python=rasa)
    (lesson,) = await lessons(database)
    await review(config, [lesson.id])
    new = train(models, said.append, python=rasa)
    assert "farola apagada en [calle 0](location)" in _seen(new)
    assert "farola apagada en [calle 0]" not in _seen(own)
    assert new.name.startswith(f"{data_hash()}-")
    assert f"{own.name} goes on serving" in said[-1]
    assert model_path(models) == own
    use(config, None)
    assert model_path(models) == new
    show_models(config)
    assert f"go back: python -m bot nlu use {own.name}" in capsys.readouterr().out
    use(config, own.name)
    assert model_path(models) == own
    files = [path for path in models.iterdir() if path.suffix in {".gz", ".learned"}]
    assert len(files) == 3
    assert {path.stat().st_mode & 0o077 for path in [models, *files]} == {0}


@pytest.mark.parametrize("name", ["0123456789abcdef.tar.gz", "../secret.key", f"{data_hash()}-gone.tar.gz", None])
def test_only_a_trained_model_of_this_data_can_be_chosen(taught: tuple, name: str | None) -> None:
    _, config = taught
    with pytest.raises(NoModel, match="no trained model of this data"):
        use(config, name)


async def test_what_is_erased_with_its_citizen_leaves_the_files_too(taught: tuple) -> None:
    database, config = taught
    (lesson,) = await lessons(database)
    await review(config, [lesson.id])
    async with database.work() as work:
        await work.lessons.withdraw(TOLD.number)
        await work.commit()
    await review(config)
    assert list(learned_folder(config).iterdir()) == []


async def _learned(taught: tuple, folder: Path, *, then_use: bool = True) -> Path:
    """A model, chosen unless told otherwise, that learned the proposed example; the plain one stands beside it."""
    database, config = taught
    (lesson,) = await lessons(database)
    await review(config, [lesson.id])
    model = train(config.settings.models, lambda _: None, python=fake_rasa(folder))
    if then_use:
        use(config, model.name)
    return model


def _plain(config: Config) -> Path:
    return plain(config.settings.models)


def _model(config: Config, name: str) -> Path:
    """A trained model of this name, as far as files tell."""
    path = config.settings.models / f"{name.removesuffix('.tar.gz')}.tar.gz"
    path.parent.mkdir(exist_ok=True)
    path.touch()
    return path


def _seen(model: Path) -> str:
    """What the fake Rasa was given to train on."""
    with tarfile.open(model) as archive:
        content = archive.extractfile("seen")
        assert content is not None
        return content.read().decode()


async def test_a_rejected_example_is_not_offered_again(taught: tuple) -> None:
    database, config = taught
    (lesson,) = await lessons(database)
    await review(config, [], [lesson.id])
    assert await lessons(database) == []
    assert not learned_folder(config).exists()


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [("a\n", Verdict.ACCEPTED), ("r\n", Verdict.REJECTED), ("s\n", Verdict.PROPOSED), ("", Verdict.PROPOSED)],
)
async def test_they_can_be_gone_through_one_by_one(
    taught: tuple, monkeypatch: pytest.MonkeyPatch, typed: str, verdict: Verdict
) -> None:
    database, config = taught
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    await review(config, ask=True)
    assert len(await lessons(database, verdict)) == 1
