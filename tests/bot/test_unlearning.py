"""What citizens had erased leaves the examples that the model learns from, a few minutes later and by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rights
from bot.commands.nlu import learned_folder, review
from bot.config import Config, load
from bot.jobs import unlearning
from bot.learning import unlearn
from bot.ports import Lesson, Verdict
from bot.schedule import Schedule
from nlu import learned
from nlu.dataset import read
from store.database import Database
from tests.store.samples import BEA, NOON, SECRET, StillClock, citizen, file, ticket
from tests.town import CITY

WORD = "zanahoria"
HERS = f"hay un bache frente a la casa azul de {WORD}"
OTHERS = "hay un bache en la esquina"
LATER = timedelta(minutes=5).total_seconds()


@dataclass(frozen=True, slots=True)
class Place:
    """A live city whose clerks accepted a sentence of Ana's and one of Bea's."""

    config: Config
    database: Database
    clock: StillClock
    ana: int

    @property
    def schedule(self) -> Schedule:
        """Of a process of its own."""
        return Schedule(self.database, self.clock, unlearning(self.config.settings, self.database))

    @property
    def folder(self) -> Path:
        return learned_folder(self.config)

    async def erase(self) -> None:
        """As by chat: nobody runs a command."""
        async with self.database.work() as work:
            ana = await work.citizens.get(self.ana)
            assert ana is not None
            await rights.erase(work, ana, CITY, self.clock.now())
            await work.commit()

    def said(self) -> list[str]:
        return [example.text for path in learned.files(self.folder) for example in read(path, path.stem)]

    def clear(self) -> list[str]:
        """Files below var that hold Ana's word in clear; those of SQLite are sealed, and looked at too."""
        found = [path for path in self.config.settings.var.rglob("*") if path.is_file()]
        return [path.name for path in found if WORD.encode() in path.read_bytes()]


@pytest.fixture
async def place(database: Database, database_url: str, tmp_path: Path, clock: StillClock) -> AsyncIterator[Place]:
    environment = {"VECINO_VAR": str(tmp_path), "VECINO_DATABASE_URL": database_url, "VECINO_SECRET_KEY": SECRET}
    config = load(Path(__file__).parents[2] / "config.yml", environment)
    config = replace(config, settings=replace(config.settings, demo=False, var=tmp_path, secret_keys=SECRET))
    ana, bea = await citizen(database), await citizen(database, BEA)
    await file(database, ticket("7K3-9QX", ana), ticket("84G-7ZR", bea))
    async with database.work() as work:
        for number, text in (("7K3-9QX", HERS), ("84G-7ZR", OTHERS)):
            lesson = Lesson(number=number, language="es", service="pothole", text=text)
            await work.lessons.propose(lesson, NOON)
        for one in await work.lessons.with_verdict(Verdict.PROPOSED, 9):
            await work.lessons.judge(one.id, Verdict.ACCEPTED)
        await work.commit()
    await review(config)
    yield Place(config, database, clock, ana)


async def test_minutes_after_an_erasure_by_chat_no_file_holds_their_sentence(place: Place) -> None:
    process = place.schedule
    await process.look()
    assert place.clear() == ["es.yml"]
    await place.erase()
    place.clock.forward(LATER)
    await process.look()
    assert place.clear() == []
    assert place.said() == [OTHERS]
    assert (place.folder / "es.yml").stat().st_mode & 0o077 == 0


async def test_each_process_does_it_on_its_own_disk_whoever_did_it_elsewhere(place: Place, tmp_path: Path) -> None:
    settings = replace(place.config.settings, var=tmp_path / "there", models=tmp_path / "there" / "models")
    await place.erase()
    await Schedule(place.database, place.clock, unlearning(settings, place.database)).look()
    assert place.clear() == ["es.yml"]
    await place.schedule.look()
    assert place.clear() == []


async def test_a_process_that_only_takes_messages_in_does_it_too(place: Place) -> None:
    await place.erase()
    await place.schedule.here().look()
    assert place.clear() == []


async def test_what_nobody_erased_stays_as_it_was_written(place: Place) -> None:
    path = place.folder / "es.yml"
    before = path.stat().st_mtime_ns, path.read_bytes()
    await place.schedule.look()
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


async def test_what_was_accepted_since_waits_for_a_review(place: Place) -> None:
    """The files are what somebody reviewed: they lose by themselves, and gain nothing."""
    learned.write(place.folder, [("es", "pothole", HERS)])
    await place.erase()
    await place.schedule.look()
    assert learned.files(place.folder) == []
    await review(place.config)
    assert place.said() == [OTHERS]


async def test_a_broken_file_is_written_anew_for_nobody_knows_what_it_says(place: Place) -> None:
    (place.folder / "es.yml").write_text(f"nlu: [{HERS}", encoding="utf-8")
    await place.erase()
    await place.schedule.look()
    assert place.clear() == []
    assert place.said() == [OTHERS]


async def test_what_a_killed_training_left_goes_too(place: Place) -> None:
    left = place.config.settings.models / "tmpkilled" / "data" / "taught_es.yml"
    left.parent.mkdir(parents=True)
    left.write_text(HERS, encoding="utf-8")
    await place.erase()
    await place.schedule.look()
    assert place.clear() == []


async def test_where_there_is_no_folder_nothing_is_made(place: Place, tmp_path: Path) -> None:
    await unlearn(place.database, tmp_path / "nowhere" / "models", demo=False)
    assert not (tmp_path / "nowhere").exists()


async def test_the_demo_leaves_those_of_a_live_city_alone(place: Place, tmp_path: Path) -> None:
    await place.erase()
    (place.folder / "live").touch()
    await unlearn(place.database, place.config.settings.models, demo=True)
    assert place.clear() == ["es.yml"]
    (place.folder / "live").unlink()
    await unlearn(place.database, place.config.settings.models, demo=True)
    assert place.clear() == []


def test_a_simulation_that_borrows_a_city_s_models_touches_none_of_its_examples(place: Place, tmp_path: Path) -> None:
    settings = replace(place.config.settings, var=tmp_path / "simulated")
    assert unlearning(settings, place.database) == ()


async def test_one_that_fails_is_logged_and_tried_again_at_its_next_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Path] = []

    def fail(folder: Path, _: object) -> int:
        tries.append(folder)
        raise OSError

    monkeypatch.setattr(learned, "forget", fail)
    process = place.schedule
    for _ in range(3):
        await process.look()
    place.clock.forward(LATER)
    await process.look()
    assert len(tries) == 2
