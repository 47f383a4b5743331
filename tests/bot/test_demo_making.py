"""Rows that are made by other processes are those that this one would have made."""

import marshal
import os
from datetime import UTC, datetime
from multiprocessing import Pipe, active_children
from random import Random
from signal import SIGINT
from struct import pack

import pytest

from bot.demo.case import LAYOUT
from bot.demo.failures import Failures
from bot.demo.history import History
from bot.demo.making import Batch, Made, Maker, MakerDied, _taken, making
from bot.demo.reports import Report, Reporter
from bot.i18n import Words
from nlu.places import Gazetteer
from store.bulk_sheets import Sheets
from store.seal import Seal
from store.tables import metadata
from store.types import Sealed
from store.unavailable import reachable
from tests.store.samples import SECRET
from tests.town import CITY

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ANA = Reporter(id=1, channel="simulated_sms", language="es")
CLEAR = {
    name: [n for n, column in enumerate(columns) if not isinstance(metadata.tables[name].c[column].type, Sealed)]
    for name, columns in LAYOUT.items()
}


def maker() -> Maker:
    random = Random(1)
    places = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
    said = {("es", service.code): ["hay un bache", "otra vez"] for service in CITY.services}
    history = History(CITY, places, said, random, now=NOW, weeks=4)
    failures = Failures(Words(CITY), random, history.now)
    return Maker(random, history, failures, Sheets("sqlite:///nowhere.db", Seal(SECRET), LAYOUT))


def batch(number: int) -> Batch:
    at = int(NOW.timestamp()) - 20 * 86_400
    reports = [Report(at + n, n % 5, None, f"{number:03}-{n:03}", ANA) for n in range(60)]
    return Batch(
        seed=f"1/{number}", newcomers=[ANA] if number == 0 else [], reports=reports, neighbours=range(2, 30)
    )  # fmt: skip


def clear(made: Made) -> list[object]:
    """Without what is sealed: that differs each time."""
    return [
        [[row[n] for n in CLEAR[name]] for row in marshal.loads(sheet)] if sheet else []
        for name, sheet in zip(LAYOUT, made, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("batches", [0, 1, 2, 5])
def test_other_processes_make_the_same_rows_in_the_same_order(batches: int) -> None:
    made = {}
    for processes in (0, 2):
        with making(maker(), processes) as make:
            made[processes] = [clear(sheets) for sheets in make(batch(n) for n in range(batches))]
    assert made[0] == made[2]
    assert len(made[2]) == batches


def test_a_process_that_dies_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with making(maker(), 2) as make, pytest.raises(MakerDied, match="Nothing was written"):
        list(make([batch(0), Batch(seed="no reports", newcomers=[ANA], reports=[])]))
    assert "IndexError" in capfd.readouterr().err


def test_a_process_that_is_killed_is_told_as_what_it_is() -> None:
    """Not as the database's fault, though a broken line to it is an OSError as well."""
    with reachable(), pytest.raises(MakerDied), making(maker(), 2) as make:
        made = make(batch(n) for n in range(6))
        next(made)
        for process in active_children():
            process.kill()
            process.join()
        list(made)


def test_a_process_that_dies_in_the_midst_of_what_it_sends_is_told() -> None:
    ours, theirs = Pipe()
    os.write(theirs.fileno(), pack("!i", 100) + b"the first of a hundred bytes")
    theirs.close()
    with ours, pytest.raises(MakerDied):
        _taken(ours)


def test_who_presses_ctrl_c_ends_the_one_that_writes_and_that_one_the_others() -> None:
    with making(maker(), 2) as make:
        made = make(batch(n) for n in range(6))
        next(made)
        for process in active_children():
            os.kill(process.pid or 0, SIGINT)
        assert len(list(made)) == 5
    assert not active_children()
