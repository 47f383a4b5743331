"""What is done at set times, each time once, however many processes look: who writes the run down first does it.

Each part of a run and how far it is are one unit of work: a process that is killed in the middle of one has not done
it, and the next look of any process goes on there. After a pause only the latest time is made up for, not each one that
was missed, nor the rest of a run whose time has passed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot.ports import Clock, Store, StoreUnavailable, UnitOfWork
from bot.ports.audit import Deed, Entry

REPLIES = timedelta(days=90)  # what we said beside any ticket: longer than a digest looks back
LOOK = 10.0  # seconds between looks
KEPT = timedelta(days=7)  # messages that were answered: longer than any provider delivers one again
BY = "(schedule)"  # in the audit; no login can be called so
_LINES = 5_000  # of the audit at a time: others wait meanwhile
_EPOCH = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`due` gives the latest time, not after the given one, at which it is to be done. `step` does a part of it in this
    unit of work, beginning `after` (0 at first), and gives where the next part begins, or None at the end. It keeps
    nothing in memory from part to part: another process may do the next one."""

    name: str
    due: Callable[[datetime], datetime]
    step: Callable[[UnitOfWork, datetime, int], Awaitable[int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """What takes long outside the database: no unit of work is open meanwhile. It is begun once, by one process; what
    that leaves undone by an error or a kill is the next time's. `here`: it is about this machine's own disk, so that
    each process does it, also one that follows no schedule else, and several at once do no harm."""

    name: str
    due: Callable[[datetime], datetime]
    do: Callable[[datetime], Awaitable[None]]
    here: bool = False


def every(span: timedelta) -> Callable[[datetime], datetime]:
    """Due at every full multiple of this span."""
    return lambda now: now - (now - _EPOCH) % span


async def forget(work: UnitOfWork, now: datetime, after: int) -> int | None:
    """Messages that were answered long ago, log-ins that ended, drafts that nobody finished."""
    before = now - KEPT
    if after == 0:
        await work.housekeeping.rest(now, before)
    return await work.housekeeping.messages(before, after)


async def forget_replies(work: UnitOfWork, now: datetime, after: int) -> int | None:
    """What we said in talks that led to no ticket; the others go with their ticket."""
    return after + 1 if await work.housekeeping.replies(now - REPLIES) else None


@dataclass(frozen=True, slots=True)
class Auditing:
    """Forgets lines of the audit that are older than it `keeps`, and says so in it."""

    keeps: timedelta

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        gone = await work.audit.forget(now - self.keeps, _LINES)
        if gone:
            before = (now - self.keeps).date().isoformat()
            detail = f"{gone} from before {before}"
            await work.audit.note(Entry(at=now, login=BY, deed=Deed.FORGOTTEN, subject="audit", detail=detail))
        return after + 1 if gone == _LINES else None


JOBS: Final = (
    Job(name="forget", due=every(timedelta(minutes=10)), step=forget),
    Job(name="replies", due=every(timedelta(hours=1)), step=forget_replies),
)


class Schedule:
    """The same jobs in each process."""

    def __init__(self, store: Store, clock: Clock, jobs: Sequence[Job | Chore] = JOBS) -> None:
        self._store, self._clock, self._jobs = store, clock, jobs
        self._settled: dict[str, datetime] = {}

    def here(self) -> "Schedule":
        """Only what each process does for its own machine."""
        own = [job for job in self._jobs if isinstance(job, Chore) and job.here]
        return Schedule(self._store, self._clock, own)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Do what is due and not done."""
        for job in self._jobs:
            at = job.due(self._clock.now())
            if self._settled.get(job.name) == at:
                continue
            try:
                await self._do(job, at)
                self._settled[job.name] = at
            except StoreUnavailable:
                pass  # the next look, of whichever process, goes on
            except Exception as error:  # noqa: BLE001 - one job must not stop the others
                log.error("job_failed", job=job.name, error=type(error).__name__)
                if isinstance(job, Chore):
                    self._settled[job.name] = at

    async def _do(self, job: Job | Chore, at: datetime) -> None:
        if isinstance(job, Chore):
            if job.here or await self._first(job, at):
                await job.do(self._clock.now())
            return
        while await self._part(job, at):  # in units of their own, so that others are not held up
            pass

    async def _first(self, chore: Chore, at: datetime) -> bool:
        async with self._store.work() as work:
            first = await work.schedule.once(chore.name, at)
            await work.commit()
        return first

    async def _part(self, job: Job, at: datetime) -> bool:
        """Do the next one, whoever did those before it; False when nothing is left."""
        async with self._store.work() as work:
            after = await work.schedule.next_part(job.name, at)
            if after is None:
                return False
            after = await job.step(work, self._clock.now(), after)
            await work.schedule.reached(job.name, at, after)
            await work.commit()
        return after is not None
