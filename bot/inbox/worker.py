"""Takes messages per citizen, in order, gives them to converse(), and commits the answer as one unit of work."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import structlog

from bot import handing
from bot.conversation import Outcome, converse, needs_parse
from bot.inbox.burst import NO_WAIT, Wait
from bot.inbox.gathering import Gathered, Gathering, StillWriting
from bot.inbox.hearing import AllBusy, Hearing
from bot.inbox.pace import USUAL, Busy, Limits, said
from bot.inbox.quota import within
from bot.inbox.releasing import Releasing
from bot.inbox.several import parts_of
from bot.inbox.understanding import Understanding
from bot.loop import Loop, Workplace, insist
from bot.metrics import Counters
from bot.outgoing import compose, queued
from bot.ports import Arrival, AsideReason, Pace, Parser, Places, Render, Stale, StoreUnavailable, Taken
from bot.record import Record
from bot.rights import prepared
from bot.speech import choose_language
from handlers.effects import AlertStaff, FileTicket, HandOver
from handlers.people import danger
from handlers.people.rights import may_return
from handlers.say import Reply, Say, say
from handlers.turn import Keyed, without_key
from nlu.parse import NluStarting, Parse
from tickets.city import Cities, City
from tickets.number import new_number

LEASE = 60.0  # seconds; a handling that takes longer is taken for dead
MAX_ATTEMPTS = 5
MAX_CLAIMS = 10  # a message that ended its process as often is not tried again: it would end all the others' too
log = structlog.get_logger()


class InboxWorker:
    """One of any number of workers on the same store."""

    def __init__(
        self, at: Workplace, *, parser: Parser, city: Cities, places: Places, render: Render,
        wait: Wait = NO_WAIT, limits: Limits = USUAL, counters: Counters | None = None,
        timer: Callable[[], float] = monotonic, public_url: str = "", hearing: Hearing | None = None,
        held: Callable[[], AbstractContextManager[object]] = nullcontext, keyed: Keyed = without_key,
    ) -> None:  # fmt: skip
        """`timer`: seconds that only go forward; `public_url`: where the web is reached, empty: nowhere;
        `held`: while a message is handled the city stays the same one; `keyed` hashes the codes that are sent."""
        self._store, self._clock, self._random, self._owner = at.store, at.clock, at.random, at.owner
        self.counters = counters or Counters()
        self._understanding = Understanding(parser, self.counters, timer)
        self._cities, self._places, self._render, self._held = city, places, render, held
        self._record, self._public_url = Record(render, city), public_url
        self._gathering = Gathering(store=at.store, clock=at.clock, wait=wait, parse=self._parse, decide=self._converse)
        self._releasing, self._hearing = Releasing(store=at.store, clock=at.clock), hearing
        self._limits, self._busy, self._keyed = limits, Busy(limits), keyed
        self.loop = Loop(self._claim, self._handle, at.wake, "inbox")

    @property
    def _city(self) -> City:
        return self._cities.now

    async def _claim(self, limit: int) -> Sequence[Arrival]:
        async with self._store.work() as work:
            arrivals = await work.inbox.claim(self._owner, self._clock.now(), LEASE, limit)
            await work.commit()
        return arrivals

    async def _handle(self, arrival: Arrival) -> None:
        """Answer one message; whatever goes wrong, it is tried again later or set aside, never lost."""
        with self._held():
            try:
                await self._try(arrival)
            except StoreUnavailable:
                log.warning("store_unavailable", message=arrival.id)
                await self._give_back(arrival)

    async def _try(self, arrival: Arrival) -> None:
        try:
            if arrival.attempts > MAX_CLAIMS:
                await self._set_aside(arrival, AsideReason.NEVER_FINISHED, say(Say.TROUBLE))
                return
            await self._answer(arrival)
        except (NluStarting, AllBusy):
            await self._back(arrival, 1.0, counted=False)
        except StillWriting as more:
            await self._back(arrival, more.seconds, counted=False)
        except StoreUnavailable:
            raise
        except (Taken, Stale):
            await self._back(arrival, 0.0, counted=False)
        except Exception as error:  # noqa: BLE001 - the last fence: a broken handler must not stop the others
            # neither message nor trace: both may carry the citizen's words
            log.error("handling_failed", message=arrival.id, attempt=arrival.attempts, error=type(error).__name__)
            await self._failed(arrival, type(error).__name__)

    async def _give_back(self, arrival: Arrival) -> None:
        """As soon as the store is back; if it stays away, the lease ends by itself and the message is taken anew."""
        with suppress(StoreUnavailable):
            await insist(lambda: self._back(arrival, 0.0, counted=False))

    async def _answer(self, arrival: Arrival) -> None:
        if arrival.citizen.opted_out and not may_return(arrival.inbound):
            await self._hear(arrival)
            return
        pace = await self._pace(arrival)
        if pace and self._limits.silences(pace, arrival.inbound):
            await self._pause(arrival, pace)
            return
        if pace and pace.stopped:  # an emergency, or STOP: the pause goes on behind it
            pace = replace(pace, since=self._clock.now())
        if unread := await self._releasing.of(arrival):
            heard = await self._hearing.of(unread) if self._hearing else unread
            await self._commit(await self._gathering.of(heard), pace)

    async def _hear(self, arrival: Arrival) -> None:
        """Who is not written to is still listened to: a clerk sees it, and at once where it tells of danger."""
        told = danger.told_in(arrival.inbound)
        pace = await self._pace(arrival) if told else None
        alarms = told is not None and not (pace and self._limits.silences(pace, arrival.inbound))
        effects = danger.alarm(told) if told and alarms else ()
        await self._set_aside(arrival, AsideReason.OPTED_OUT, pace=pace, effects=effects)

    async def _parse(self, arrival: Arrival) -> Parse | None:
        if not needs_parse(arrival, self._clock.now()):
            return None
        return await self._understanding.of(arrival.inbound.text)

    async def _converse(self, arrival: Arrival, parse: Parse | None) -> Outcome:
        parts = await parts_of(arrival, parse, self._understanding.of, self._places)
        async with self._store.view() as view:
            outcome = await converse(
                arrival, parse, self._city, view.tickets, self._places,
                now=self._clock.now(), number=new_number(self._random),
                code=f"{self._random.randrange(1_000_000):06}", token=f"{self._random.getrandbits(192):048x}",
                keyed=self._keyed, parts=parts,
            )  # fmt: skip
            answer = await within(view, arrival.citizen, outcome.answer, self._limits.photos, self._clock.now())
            answer = await prepared(
                view, arrival.citizen, answer, outcome.language, self._city, self._public_url, self._clock.now()
            )
        return replace(outcome, answer=answer)

    async def _commit(self, gathered: Gathered, pace: Pace | None) -> None:
        now, arrival = self._clock.now(), gathered.arrival
        async with self._store.work() as work:
            await self._record.lock(work, arrival, gathered.outcome.answer.effects)
            if not await work.inbox.answered(arrival, now):
                return  # another worker has taken it over; its answer counts
            if not await work.bursts.join(arrival, gathered.joined, now):
                raise Stale  # one of them was taken away meanwhile
            await self._record(work, arrival, gathered.outcome, now)
            if pace:
                await work.paces.save(arrival.citizen.id, pace, said(arrival.inbound))
            await work.commit()
        self._busy.note(arrival.citizen.id, now)
        if self._hearing:
            self._hearing.answered(arrival.inbound)
        self._count(gathered)

    def _count(self, gathered: Gathered) -> None:
        self.counters.count("messages_answered", 1 + len(gathered.joined))
        for effect in gathered.outcome.answer.effects:
            if isinstance(effect, FileTicket):
                self.counters.count("tickets_filed", service=effect.ticket.service)

    async def _pace(self, arrival: Arrival) -> Pace | None:
        """How fast this citizen writes; None for all who got few answers of late."""
        citizen, now = arrival.citizen.id, self._clock.now()
        if not self._busy.suspicious(citizen, now):
            return None
        async with self._store.view() as view:
            known = await view.paces.get(citizen, now, self._limits.span)
        return known or Pace(since=now, answers=self._busy.answers(citizen, now))

    async def _pause(self, arrival: Arrival, pace: Pace) -> None:
        """No more answers until there was silence; the citizen, if it is one, is told once."""
        tell = None if pace.stopped else say(Say.PAUSED, phone=self._city.office.phone)
        log.warning("too_many_answers", message=arrival.id, told=tell is not None)
        await self._set_aside(arrival, AsideReason.LOOP, tell, replace(pace, since=self._clock.now(), stopped=True))

    async def _back(self, arrival: Arrival, seconds: float, *, counted: bool = True) -> None:
        async with self._store.work() as work:
            await work.inbox.retry(arrival, self._clock.now() + timedelta(seconds=seconds), counted=counted)
            await work.commit()

    async def _failed(self, arrival: Arrival, reason: str) -> None:
        if arrival.attempts < MAX_ATTEMPTS:
            await self._back(arrival, 2.0**arrival.attempts)
        else:
            await self._set_aside(arrival, reason, say(Say.TROUBLE))

    async def _set_aside(
        self, arrival: Arrival, reason: str, tell: Reply | None = None, pace: Pace | None = None,
        effects: Sequence[HandOver | AlertStaff] = (),
    ) -> None:  # fmt: skip
        now, citizen = self._clock.now(), arrival.citizen
        language, _ = choose_language(arrival, None, None, self._city)
        key = f"reply:{arrival.id}:trouble"
        async with self._store.work() as work:
            if not await work.inbox.set_aside(arrival, now, reason):
                return
            if tell:
                outbound = compose(tell, citizen, language, self._render, key=key)
                await work.outbox.enqueue([queued(outbound, citizen)], now)
            for effect in effects:
                await handing.apply(work, effect, arrival, citizen, self._city, self._render, now)
            if pace:
                await work.paces.save(citizen.id, pace, said(arrival.inbound))
            await work.commit()
        self._busy.note(citizen.id, now)
        self.counters.count("messages_aside", reason=reason)
