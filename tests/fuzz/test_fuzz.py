"""Two thousand inputs for each reader of outside input, and what the engine itself promises. `make fuzz` takes more."""

import logging
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.drawn import draw
from tests.fuzz.engine import LONGEST, SEEDS, Told, feed, repetitions, run
from tests.fuzz.shapes import json_changed
from tests.fuzz.target import Target, simple
from tests.fuzz.targets import OF_RASA, load, names

_INPUTS = 2_000
_ROOT = Path(__file__).parents[2]
_RASA = _ROOT / "nlu/.venv/bin/python"
pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn of what is broken


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What is refused is told to a log each time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def told_of(told: Told) -> str:
    return "\n".join(f"{one.target}: {one.why}\n{one.data[:2000]!r}" for one in told.findings)


@pytest.mark.parametrize("feeds", [run, draw], ids=["changes", "hypothesis"])
@pytest.mark.parametrize("name", names())
def test_nothing_but_its_own_errors_leaves_a_reader(name: str, feeds: Callable[..., Told]) -> None:
    told = feeds(load(name), _INPUTS, seed=1)
    assert not told.findings, told_of(told)
    assert told.inputs >= _INPUTS
    assert len(told.outcomes) > 1, "every input ends alike: it is refused at the door"


@pytest.mark.parametrize("name", names())
def test_eight_kilobytes_of_the_same_are_read_in_time(name: str) -> None:
    target = load(name)
    told = feed(target, list(repetitions(target)))
    assert not told.findings, told_of(told)


def test_the_reader_in_rasas_environment_is_fuzzed_there() -> None:
    if not _RASA.exists():
        pytest.skip("needs nlu/.venv")
    done = subprocess.run(
        [_RASA, "-m", "tests.fuzz", "--targets", OF_RASA, "--inputs", str(_INPUTS)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_kept_seed_belongs_to_a_reader() -> None:
    assert {folder.name for folder in SEEDS.iterdir()} <= {*names(), OF_RASA}


def broken_at(mark: bytes) -> Target:
    def read(data: bytes) -> str:
        if mark in data:
            raise KeyError("found")
        return "fine"

    return Target(name="planted", opened=simple(read), samples=[b"beginning and end"], words=[mark])


def test_a_planted_mistake_is_found_and_found_again() -> None:
    first, second = (run(broken_at(b"bug"), 500, seed=4) for _ in range(2))
    assert [one.data for one in first.findings] == [one.data for one in second.findings]
    assert b"bug" in first.findings[0].data
    assert first.inputs == second.inputs < 500


def test_what_hypothesis_finds_is_made_small() -> None:
    first, second = (draw(broken_at(b"bug"), 500, seed=4) for _ in range(2))
    assert [one.data for one in first.findings] == [b"bug"]
    assert [one.data for one in second.findings] == [b"bug"]
    assert first.inputs == second.inputs


def test_a_run_that_was_broken_off_goes_on_at_a_round() -> None:
    other = run(broken_at(b"bug"), 500, seed=4, first=1)
    assert other.findings[0].data != run(broken_at(b"bug"), 500, seed=4).findings[0].data


def test_what_takes_too_long_is_found() -> None:
    slow = Target(name="slow", opened=simple(lambda _: str(sum(range(2_000_000)))), samples=[b"a"], seconds=0.001)
    assert "ms of CPU" in feed(slow, [b"a"]).findings[0].why


def test_new_lines_of_ours_are_counted() -> None:
    from tickets.number import find_number

    target = Target(
        name="lines",
        opened=simple(lambda data: str(find_number(data.decode("latin-1")))),
        samples=[b"a"],
        words=[b"7K3-9QX"],
    )
    told = run(target, 300, seed=1)
    assert told.more > 0
    assert told.lines > told.more


def test_an_input_is_never_longer_than_it_may_be() -> None:
    dice, data = Random(1), b'{"a": [1, "b", {"c": null}]}'
    for _ in range(500):
        data = json_changed(dice, data, [b"[]"], [b"word"]) or b"{}"
        assert len(data) <= LONGEST
