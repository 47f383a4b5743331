"""Rows that are made by other processes are those that this one would have made."""

import os
from datetime import UTC, datetime
from multiprocessing import Pipe, active_children
from random import Random
from signal import SIGINT
from struct import pack

import pytest

from bot.demo.history import History
from bot.demo.making import Batch, Maker, MakerDied, _taken, making
from bot.demo.reports import Report, Reporter
from bot.demo.spots import Spots
from nlu.places import Gazetteer
from store.bulk import TABLES, Sheets
from store.bulk_drivers import Rows
from store.seal import Seal
from store.tables import citizens, tickets, updates
from store.types import Sealed
from store.unavailable import reachable
from tests.store.samples import SECRET
from tests.town import CITY

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
ANA = Reporter(id=1, channel="simulated_sms", language="es")
CLEAR = {
    table: [n for n, column in enumerate(table.columns) if not isinstance(column.type, Sealed)] for table in TABLES
}


def maker() -> Maker:
    random = Random(1)
    spots = Spots(CITY, Gazetteer(CITY.areas, CITY.streets, CITY.landmarks), random)
    said = {("es", service.code): ["hay un bache", "otra vez"] for service in CITY.services}
    history = History(CITY, spots, said, random, now=NOW, weeks=4)
    return Maker(random, history, Sheets("sqlite:///nowhere.db", Seal(SECRET)))


def batch(number: int) -> Batch:
    at = NOW.timestamp() - 20 * 86_400
    reports = [Report(at=at + n, number=f"{number:03}-{n:03}", reporter=ANA) for n in range(20)]
    return Batch(seed=f"1/{number}", newcomers=[ANA] if number == 0 else [], reports=reports)


def clear(made: tuple[Rows, ...] | list[Rows]) -> list[object]:
    """Without what is sealed: that differs each time."""
    return [
        [[row[n] for n in CLEAR[table]] for row in rows] for table, rows in zip(TABLES, made, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("batches", [0, 1, 2, 5])
def test_other_processes_make_the_same_rows_in_the_same_order(batches: int) -> None:
    made = {}
    for processes in (0, 2):
        with making(maker(), processes) as make:
            made[processes] = [clear(list(rows)) for rows in make(batch(n) for n in range(batches))]
    assert made[0] == made[2]
    assert len(made[2]) == batches


def test_every_row_has_a_value_for_each_column() -> None:
    with making(maker(), 0) as make:
        [made] = make([batch(0)])
    for table, rows in zip((citizens, tickets, updates), made, strict=True):
        assert rows and {len(row) for row in rows} == {len(table.columns)}


def test_a_process_that_dies_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with making(maker(), 2) as make, pytest.raises(MakerDied, match="Nothing was written"):
        list(make([batch(0), Batch(seed="no reports", newcomers=[], reports=[])]))
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
