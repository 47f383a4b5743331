"""How many messages a second the store alone can carry, with fsync, and what each costs.

    python -m benchmarks.store_speed [--database sqlite|postgresql] [--messages N] [--done N] [--processes N]

One message is the whole way of a report: accepted (safe before it is acknowledged), claimed, answered with a ticket and
two replies in one unit of work, claimed again and noted as sent. `--hands` citizens write at the same time, each the
next message once the last is acknowledged. `--done` puts that many finished rows and tickets there before.
"""

import argparse
import asyncio
import cProfile
import pstats
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import Queue, get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from benchmarks.store_history import fill
from bot.clock import SystemClock
from bot.inbox.reception import Reception
from bot.loop import Loop
from bot.ports import Arrival, Departure, Queued
from bot.together import Together
from channels.message import Contact, Inbound, Outbound
from handlers.turn import Asked, Dialogue
from store.database import Database
from store.migrate import migrate
from store.seal import Seal
from store.spool import Spool
from tests.postgres import running
from tests.store.samples import ticket
from tickets.model import CITIZEN
from tickets.workflow import filed

SECRET = "a-key-for-the-benchmark-of-no-worth-at-all"
CLOCK = SystemClock()
DIALOGUE = Dialogue(asked=Asked.PLACE, since=CLOCK.now())


@dataclass(slots=True, kw_only=True)
class Figures:
    """Seconds: until each message was safe, until its two replies were noted as sent, of all, and of this CPU."""

    safe: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    took: float = 0.0
    cpu: float = 0.0


class Run:
    """One process's share: it accepts, answers and sends `messages` messages of citizens of its own."""

    def __init__(self, store: Database, spool: Path, name: str, plan: "Plan") -> None:
        self._store, self._name, self._plan = store, name, plan
        self._reception = Reception(store, Spool(spool, Seal(SECRET)), CLOCK)
        self._sent = Together(self._mark)
        self._figures, self._started = Figures(), dict[str, float]()

    async def measure(self) -> Figures:
        bell, name = self._store.bell, self._name
        loops = (
            Loop[Arrival](self._arrivals, self._answer, bell, "inbox"),
            Loop[Departure](self._departures, self._send, bell, "outbox"),
        )
        begin, cpu = perf_counter(), process_time()
        running = [asyncio.create_task(loop.run()) for loop in loops]
        await asyncio.gather(*(self._write(f"{name}{hand}", hand) for hand in range(self._plan.hands)))
        while self._plan.left.value > 0:  # noqa: ASYNC110 - other processes count as well
            await asyncio.sleep(0.005)
        self._figures.took, self._figures.cpu = perf_counter() - begin, process_time() - cpu
        for loop in loops:
            loop.stop()
        await asyncio.gather(*running)
        return self._figures

    async def _write(self, citizen: str, hand: int) -> None:
        for n in range(hand, self._plan.messages, self._plan.hands):
            contact = Contact(channel="sms", address=f"{citizen}-{n // 3}")
            inbound = Inbound(
                sender=contact, external_id=f"{self._name}:{n}", received_at=CLOCK.now(), text=f"bache {n}"
            )
            self._started[inbound.external_id] = begin = perf_counter()
            await self._reception.accept([inbound])
            self._figures.safe.append(perf_counter() - begin)

    async def _arrivals(self, limit: int) -> Sequence[Arrival]:
        async with self._store.work() as work:
            arrivals = await work.inbox.claim(self._name, CLOCK.now(), 60, limit)
            await work.commit()
        return arrivals

    async def _answer(self, arrival: Arrival) -> None:
        now, citizen, message = CLOCK.now(), arrival.citizen, arrival.inbound.external_id
        case = ticket(f"T-{message}", citizen.id, filed_at=now, due_at=now)
        replies = [Outbound(key=f"{message}:{n}", recipient=citizen.contact, text="x" * 100) for n in range(2)]
        async with self._store.work() as work:
            await work.inbox.answered(arrival, now)
            await work.tickets.file(case, filed(case, actor=CITIZEN))
            await work.citizens.save(citizen)
            await work.dialogues.save(citizen.id, DIALOGUE, now)
            await work.outbox.enqueue([Queued(outbound=reply, citizen=citizen.id) for reply in replies], now)
            await work.commit()

    async def _departures(self, limit: int) -> Sequence[Departure]:
        async with self._store.work() as work:
            departures = await work.outbox.claim(self._name, CLOCK.now(), 60, limit)
            await work.commit()
        return departures

    async def _send(self, departure: Departure) -> None:
        key = departure.outbound.key
        await self._sent.keep([(departure, f"SM{key}")])
        message, _, reply = key.rpartition(":")
        if reply == "1" and message in self._started:
            self._figures.answered.append(perf_counter() - self._started[message])
        with self._plan.left.get_lock():
            self._plan.left.value -= 1

    async def _mark(self, sent: Sequence[tuple[Departure, str]]) -> None:
        async with self._store.work() as work:
            for departure, external_id in sent:
                await work.outbox.sent(departure, external_id, CLOCK.now())
            await work.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What each process does; `left` counts the replies that all of them have still to send."""

    url: str
    messages: int
    hands: int
    profile: bool
    left: "Synchronized[int]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--messages", type=int, default=1000, help="per process (default 1000)")
    parser.add_argument("--hands", type=int, default=32, help="citizens who write at once, per process (default 32)")
    parser.add_argument("--processes", type=int, default=1, help="PostgreSQL only (default 1)")
    parser.add_argument("--done", type=int, default=0, help="finished messages with tickets before (default 0)")
    parser.add_argument("--profile", action="store_true", help="show where the first process's time goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _database(options.database, Path(folder)) as url:
        asyncio.run(migrate(url))
        if options.done:
            asyncio.run(fill(url, CLOCK.now(), options.done))
        _show(_run(url, options), options.processes * options.messages)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'vecino.db'}"
        return
    with running(fsync=True) as cluster:
        yield cluster.url("postgres")


def _run(url: str, options: argparse.Namespace) -> list[Figures]:
    context = get_context("spawn")
    left = context.Value("i", options.processes * options.messages * 2)
    plan = Plan(url=url, messages=options.messages, hands=options.hands, profile=options.profile, left=left)
    results, asked = context.Queue(), range(options.processes)
    processes = [context.Process(target=_process, args=(plan, f"p{n}", results)) for n in asked]
    for process in processes:
        process.start()
    figures = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return figures


def _process(plan: Plan, name: str, results: "Queue[Figures]") -> None:
    profile = cProfile.Profile() if plan.profile and name == "p0" else None
    if profile:
        profile.enable()
    results.put(asyncio.run(_measured(plan, name)))
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)


async def _measured(plan: Plan, name: str) -> Figures:
    store = await Database.open(plan.url, Seal(SECRET), clock=CLOCK)
    with tempfile.TemporaryDirectory() as spool:
        try:
            return await Run(store, Path(spool), name, plan).measure()
        finally:
            await store.close()


def _show(figures: Sequence[Figures], messages: int) -> None:
    took = max(one.took for one in figures)
    print(f"messages/s: {messages / took:.0f}")
    _times("accepted", [seconds for one in figures for seconds in one.safe])
    _times("replies sent", [seconds for one in figures for seconds in one.answered])
    for one in figures:
        print(f"CPU of a process: {one.cpu / took:.0%}, {one.cpu / messages * len(figures) * 1000:.2f} ms a message")


def _times(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds) or [0.0]
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{what}: p50 {median(ordered) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, n {len(seconds)}")


if __name__ == "__main__":
    main()
