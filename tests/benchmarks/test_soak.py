"""The soak sees what grows, and takes nothing for growth that is none."""

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from os import getpid
from pathlib import Path
from subprocess import PIPE, Popen
from time import perf_counter

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

import channels
from benchmarks.city import PUBLIC
from benchmarks.rush.citizens import Citizen, Town
from benchmarks.rush.load import Exchange
from benchmarks.rush.world import World
from benchmarks.soaking.fit import line, risen
from benchmarks.soaking.hasty import hasten
from benchmarks.soaking.journal import Journal
from benchmarks.soaking.looking import errors, process, rasa_of
from benchmarks.soaking.people import MIX, STOP, Crowd, Kind
from benchmarks.soaking.picture import draw
from benchmarks.soaking.sample import Process, Sample, Times
from benchmarks.soaking.tables import FORGOTTEN, KEPT, grown
from benchmarks.soaking.verdict import LONG, SHORT, Ending, Finding, judged
from bot import schedule
from bot.config import load
from bot.i18n import Words
from channels.message import Contact, Inbound
from handlers.say import Say, ServiceName, say
from store.tables import metadata
from tests.benchmarks.test_throughput import posted
from tickets.model import Place, Status

ROOT = Path(__file__).parents[2]
NAMES = set(metadata.tables)
QUIET = Process(memory=150.0, descriptors=30, threads=8)
ENDING = Ending(sent=1_800, unanswered=0, refused=0, astray=0, left=0, failed=0, crashes=0, p95=80.0)
MINUTE = 60.0


def sample(minute: float) -> Sample:
    """Of a bot that can run for years, at 20 messages a second."""
    said = int(minute * 1_200)
    return Sample(
        at=minute * MINUTE, said=said, bot=QUIET, rasa=QUIET, tasks=20, database=5.0 + minute, log=4.0, waiting={},
        rows={"clerks": 1, "inbox": min(said, 2_400), "tickets": said // 4, "updates": said // 2}, oldest={},
        times=Times(replies=100, p50=40, p95=80, p99=100),
    )  # fmt: skip


QUIETLY = [sample(minute / 6) for minute in range(181)]


def verdict(samples: list[Sample], ending: Ending = ENDING) -> Mapping[str, Finding]:
    return {one.what: one for one in judged(samples, ending, LONG, 5 * MINUTE, 2 * MINUTE)}


def bad(samples: list[Sample], ending: Ending = ENDING) -> set[str]:
    return {name for name, one in verdict(samples, ending).items() if not one.well}


def grows(name: str, more: float) -> list[Sample]:
    """The quiet run, but this table has so many rows more each minute."""
    return [replace(one, rows={**one.rows, name: one.rows.get(name, 0) + int(more * one.at / 60)}) for one in QUIETLY]


def leaking(*, memory: float = 0, descriptors: float = 0, threads: float = 0) -> list[Sample]:
    """The quiet run, but the bot takes so much more each minute."""
    return [
        replace(
            one,
            bot=Process(
                memory=150 + memory * one.at / 60, descriptors=30 + int(descriptors * one.at / 60),
                threads=8 + int(threads * one.at / 60),
            ),
        )
        for one in QUIETLY
    ]  # fmt: skip


def test_a_bot_that_can_run_for_years_is_found_well() -> None:
    assert bad(QUIETLY) == set()


def test_memory_that_grows_by_more_than_a_twentieth_is_found() -> None:
    assert bad(leaking(memory=0.5)) == {"memory of bot"}  # 12.5 MB of 150 in 25 minutes
    assert bad(leaking(memory=0.2)) == set()


def test_what_is_filled_while_it_warms_up_is_no_growth() -> None:
    assert bad([replace(one, bot=replace(QUIET, memory=150 + min(60, one.at / 5))) for one in QUIETLY]) == set()


def test_descriptors_and_threads_that_are_not_given_back_are_found() -> None:
    assert bad(leaking(descriptors=0.5)) == {"descriptors of bot"}
    assert bad(leaking(threads=0.2)) == {"threads of bot"}


def test_descriptors_that_come_and_go_are_no_leak() -> None:
    busy = [replace(one, bot=replace(QUIET, descriptors=30 + 40 * (n % 3 == 0))) for n, one in enumerate(QUIETLY)]
    assert bad(busy) == set()


def test_tasks_that_never_end_are_found() -> None:
    assert bad([replace(one, tasks=20 + n // 3) for n, one in enumerate(QUIETLY)]) == {"tasks of the bot"}


def test_a_process_that_could_not_be_seen_is_not_well() -> None:
    gone = Process(memory=0, descriptors=0, threads=0)
    assert bad([replace(one, rasa=gone) for one in QUIETLY]) == {"memory of Rasa"}
    assert "memory of bot" in bad([])


@pytest.mark.parametrize("name", ["sessions", "a_table_of_tomorrow"])
def test_a_table_that_should_stand_still_and_grows_is_found(name: str) -> None:
    assert bad(grows(name, 10)) == {"tables that grow and should not", f"table {name}"}


def test_a_table_that_is_kept_may_grow_with_the_messages_and_no_faster() -> None:
    assert bad(grows("tickets", 200)) == set()
    assert bad(grows("tickets", 1_000)) == {"tables that grow and should not", "table tickets"}


def test_a_table_that_is_forgotten_levels_off_or_is_found() -> None:
    assert bad(grows("inbox", 1_200)) == {"tables that grow and should not", "table inbox"}


def test_a_table_that_is_forgotten_in_rounds_is_level() -> None:
    times = [10.0 * n for n in range(100)]
    assert grown("inbox", times, [0] * 100, [2_000 + 80 * (n % 12) for n in range(100)]) == ""


def test_every_table_that_may_grow_is_one_and_named_once() -> None:
    assert set(KEPT) | FORGOTTEN <= NAMES
    assert not set(KEPT) & FORGOTTEN


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("messages without a reply", {"unanswered": 1}), ("messages not acknowledged", {"refused": 1}),
        ("conversations that went astray", {"astray": 1}), ("left in the queues at the end", {"left": 1}),
        ("messages of ours given up", {"failed": 1}), ("ends of the process", {"crashes": 1}),
        ("errors in the log", {"errors": {"work_failed": 1}}), ("pages that failed", {"pages": {"/: 500": 1}}),
        ("reply, p95", {"p95": 1_001.0}),
    ],
)  # fmt: skip
def test_whatever_is_lost_or_fails_is_found(name: str, change: dict[str, object]) -> None:
    assert bad(QUIETLY, replace(ENDING, **change)) == {name}  # type: ignore[arg-type]


def test_short_runs_are_judged_more_kindly_in_what_is_noise_alone() -> None:
    assert SHORT.memory > LONG.memory == 0.05
    assert SHORT.log == LONG.log


@given(st.floats(1, 1e4), st.floats(-10, 10), st.integers(2, 50))
def test_a_line_through_a_line_is_that_line(at_zero: float, slope: float, count: int) -> None:
    times = [float(n) for n in range(count)]
    found = line(times, [at_zero + slope * time for time in times])
    assert found.begins == pytest.approx(at_zero, rel=1e-6, abs=1e-6)
    assert found.ends == pytest.approx(at_zero + slope * times[-1], rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(0, 1e6), max_size=3))
def test_few_values_are_no_growth_that_could_fail(values: list[float]) -> None:
    assert line([float(n) for n in range(len(values))], values).growth >= -1 or len(values) > 1
    assert risen(values[:1]) == 0


def test_forgetting_is_hastened_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEPT", "LOOK", "JOBS"):
        monkeypatch.setattr(schedule, name, getattr(schedule, name))
    names = [job.name for job in schedule.JOBS]
    hasten(60)
    assert timedelta(seconds=60) == schedule.KEPT
    assert [job.name for job in schedule.JOBS] == names
    assert schedule.LOOK == 5


def test_errors_of_the_log_are_counted_by_what_they_are(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    ours = [json.dumps({"event": "work_failed", "level": "error"}), json.dumps({"event": "started", "level": "info"})]
    log.write_text("\n".join([*ours, *ours, "ERROR asyncio Unclosed", "WARNING x y", "{broken", "citizens: a desk"]))
    assert errors(log) == {"work_failed": 2, "asyncio": 1}


def test_a_process_is_seen_and_its_rasa_found() -> None:
    seen = process(getpid())
    assert seen.memory > 10
    assert seen.descriptors > 2
    assert seen.threads >= 1
    assert process(2**22 + 1) == Process(memory=0, descriptors=0, threads=0)
    child = Popen([sys.executable, "-c", "print(); input()", "nlu/serve.py"], stdin=PIPE, stdout=PIPE)
    try:
        assert child.stdout is not None
        child.stdout.readline()  # before it, the copy of ourselves may not be that program yet
        assert rasa_of(getpid()) == child.pid
    finally:
        child.kill()
        child.communicate()
    assert rasa_of(getpid()) == 0


class Answers:
    """A conversation that is answered after so many seconds, or that waits for no answer."""

    filed, over = False, False

    def __init__(self, took: float | None) -> None:
        self._took = took

    async def exchange(self) -> Exchange:
        now = perf_counter()
        return Exchange(acknowledged=now, replied=now if self._took is None else now + self._took)


async def test_the_journal_has_the_delays_since_it_was_last_asked() -> None:
    journal = Journal(perf_counter)
    for took in (0.1, 0.1, 0.2, None):
        await journal.watched(lambda took=took: Answers(took))().exchange()
    times = journal.taken()
    assert (times.replies, journal.sent) == (3, 4)
    assert times.p50 == pytest.approx(100, abs=20)
    assert times.p99 == pytest.approx(200, abs=20)
    assert journal.taken() == Times()


class Deaf(World):
    """Takes what citizens say and sends nothing on."""

    def __init__(self) -> None:
        self.said: list[tuple[Contact, str, bool]] = []

    async def say(self, contact: Contact, text: str, *, pictured: bool = False) -> bool:
        self.said.append((contact, text, pictured))
        return True


def arriving(crowd: Crowd, kind: Kind) -> Citizen:
    """The next one who comes for this."""
    while True:
        citizen = crowd.begin()
        if crowd.came[kind]:
            return citizen


def answer(citizen: Citizen, reply: Say) -> str:
    """What they say to it."""
    words = Words(load(ROOT / "config.yml", {}).city)
    graffiti, place = ServiceName("graffiti"), Place(words="Mill Road")
    text = words(say(reply, number="7K3-9QX", service=graffiti, place=place, status=Status.RECEIVED), "en")
    return citizen._answer("there is graffiti", text)


def test_everybody_comes_and_as_often_as_the_mix_says() -> None:
    crowd = Crowd(1)
    for _ in range(1_000):
        crowd.begin()
    for kind, often in MIX.items():
        assert crowd.came[kind] == pytest.approx(10 * often, abs=45)


def test_a_neighbour_joins_what_is_offered_and_is_content() -> None:
    neighbour = arriving(Crowd(1), Kind.NEIGHBOUR)
    assert answer(neighbour, Say.NEARBY) == "1"
    assert answer(neighbour, Say.JOINED_NO_DATE) == ""


async def test_who_leaves_says_stop_and_waits_for_no_reply() -> None:
    crowd = Crowd(1)
    world = crowd.world = Deaf()
    leaver = arriving(crowd, Kind.LEAVER)
    leaver.filed, leaver._next = True, STOP
    exchange = await leaver.exchange()
    assert exchange.replied == exchange.acknowledged is not None
    assert world.said == [(leaver.contact, STOP, False)]
    assert leaver.over


async def test_a_photographer_sends_one_photo_first() -> None:
    crowd = Crowd(1)
    world = crowd.world = Deaf()
    one = arriving(crowd, Kind.PHOTO)
    await one._say("hay un bache")
    await one._say("sí")
    assert [pictured for _, _, pictured in world.said] == [True, False]


@pytest.mark.parametrize("name", ["sms", "whatsapp", "telegram"])
async def test_a_photo_comes_as_the_channels_read_it(name: str) -> None:
    town = Town(1)
    citizen = next(one for one in (town.begin() for _ in range(3)) if one.contact.channel == name)
    async with ClientSession() as session, World(session, [], town.hear, b"jpeg") as world:
        options = {**channels.load(name).OPTIONS, "api_url": world.url, "from": "+15005550006"}
        channel = channels.load(name).open(options, world.secrets, PUBLIC)
        (inbound,) = channel.read(await posted(citizen, town, pictured=True, url=world.url))
        assert isinstance(inbound, Inbound)
        assert inbound.text == "hay un bache"
        (media,) = inbound.media
        assert await channel.fetch(media) == b"jpeg"  # type: ignore[attr-defined]
        with suppress(AttributeError):
            await channel.close()


def test_the_picture_is_drawn_of_any_run(tmp_path: Path) -> None:
    for samples in (QUIETLY, QUIETLY[:1], []):
        draw(samples, 300, "invented", tmp_path / "soak.svg")
        assert (tmp_path / "soak.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
