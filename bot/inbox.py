"""Takes messages per citizen, in order, gives them to converse(), and commits the answer as one unit of work."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.conversation import Outcome, converse, needs_parse
from bot.loop import Loop, Workplace, insist
from bot.outgoing import compose, queued
from bot.ports import (
    Arrival,
    Parser,
    Places,
    Queued,
    Render,
    Stale,
    StoreUnavailable,
    Taken,
    UnitOfWork,
)
from handlers.rights import may_return
from handlers.say import Say, say
from handlers.turn import AddComment, ChooseLanguage, Citizen, Effect, FileTicket, OptIn, OptOut
from nlu.parse import NluStarting, NluUnavailable, Parse
from tickets.city import City
from tickets.number import new_number

LEASE = 60.0  # seconds; a handling that takes longer is taken for dead
PATIENCE = timedelta(seconds=30)  # how long a message waits for a starting Rasa before the menu is offered
MAX_ATTEMPTS = 5
MAX_CLAIMS = 10  # a message that ended its process as often is not tried again: it would end all the others' too
log = structlog.get_logger()


class InboxWorker:
    """One of any number of workers on the same store."""

    def __init__(self, at: Workplace, *, parser: Parser, city: City, places: Places, render: Render) -> None:
        self._store, self._clock, self._random, self._owner = at.store, at.clock, at.random, at.owner
        self._parser, self._city, self._places, self._render = parser, city, places, render
        self.loop = Loop(self._claim, self._handle, at.wake, "inbox")

    async def _claim(self, limit: int) -> Sequence[Arrival]:
        async with self._store.work() as work:
            arrivals = await work.inbox.claim(self._owner, self._clock.now(), LEASE, limit)
            await work.commit()
        return arrivals

    async def _handle(self, arrival: Arrival) -> None:
        """Answer one message; whatever goes wrong, it is tried again later or set aside, never lost."""
        try:
            await self._try(arrival)
        except StoreUnavailable:
            log.warning("store_unavailable", message=arrival.id)
            await self._give_back(arrival)

    async def _try(self, arrival: Arrival) -> None:
        try:
            if arrival.attempts > MAX_CLAIMS:
                await self._set_aside(arrival, "never_finished", tell=True)
                return
            await self._answer(arrival)
        except NluStarting:
            await self._back(arrival, 1.0, counted=False)
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
            # who is not written to is still listened to: a clerk sees it
            await self._set_aside(arrival, "opted_out", tell=False)
            return
        parse = await self._parse(arrival)
        async with self._store.view() as view:
            outcome = await converse(
                arrival, parse, self._city, view.tickets, self._places,
                now=self._clock.now(), number=new_number(self._random),
            )  # fmt: skip
        await self._commit(arrival, outcome)

    async def _parse(self, arrival: Arrival) -> Parse | None:
        now = self._clock.now()
        if not needs_parse(arrival, now):
            return None
        try:
            return await self._parser.parse(arrival.inbound.text)
        except NluStarting:
            if now - arrival.accepted_at < PATIENCE:
                raise
            return None
        except NluUnavailable:
            return None

    async def _commit(self, arrival: Arrival, outcome: Outcome) -> None:
        now, answer = self._clock.now(), outcome.answer
        citizen = _remembered(arrival.citizen, outcome)
        async with self._store.work() as work:
            if not await work.inbox.answered(arrival, now):
                return  # another worker has taken it over; its answer counts
            for effect in answer.effects:
                await self._apply(work, effect, citizen)
            if citizen != arrival.citizen:
                await work.citizens.save(citizen)
            if answer.dialogue != arrival.dialogue:
                await work.dialogues.save(citizen.id, answer.dialogue, now)
            await work.outbox.enqueue(self._outbounds(arrival, outcome, citizen), now)
            await work.commit()

    async def _apply(self, work: UnitOfWork, effect: Effect, citizen: Citizen) -> None:
        now = self._clock.now()
        match effect:
            case FileTicket(ticket=ticket, update=update, media=media):
                await work.tickets.file(ticket, update)
                await work.photos.add(ticket.number, ticket.channel, media, now)
            case AddComment(ticket=ticket, update=update, media=media):
                await work.tickets.change(ticket, update)
                await work.photos.add(ticket.number, citizen.contact.channel, media, now)
            case OptOut():
                await work.outbox.drop_queued(citizen.id, now)
            case ChooseLanguage() | OptIn():
                pass  # kept with the citizen, see _remembered

    def _outbounds(self, arrival: Arrival, outcome: Outcome, citizen: Citizen) -> list[Queued]:
        """Keys name the inbox row they answer, so that answering it twice enqueues once. They stand in clear in
        the store and in callbacks, so the provider's id, which may hold a chat id, is no part of them."""
        stops = any(isinstance(effect, OptOut) for effect in outcome.answer.effects)
        kind = "stop" if stops else "reply"
        question = outcome.answer.dialogue.question if outcome.answer.dialogue else ""
        language = citizen.language if citizen.chosen and citizen.language else outcome.language
        return [
            queued(
                compose(
                    reply, citizen, language, self._render,
                    key=f"{kind}:{arrival.id}:{position}", question=question,
                ),
                citizen,
            )
            for position, reply in enumerate(outcome.answer.replies)
        ]  # fmt: skip

    async def _back(self, arrival: Arrival, seconds: float, *, counted: bool = True) -> None:
        async with self._store.work() as work:
            await work.inbox.retry(arrival, self._clock.now() + timedelta(seconds=seconds), counted=counted)
            await work.commit()

    async def _failed(self, arrival: Arrival, reason: str) -> None:
        if arrival.attempts < MAX_ATTEMPTS:
            await self._back(arrival, 2.0**arrival.attempts)
        else:
            await self._set_aside(arrival, reason, tell=True)

    async def _set_aside(self, arrival: Arrival, reason: str, *, tell: bool) -> None:
        now, citizen = self._clock.now(), arrival.citizen
        language = citizen.language or self._city.languages[0]
        key = f"reply:{arrival.id}:trouble"
        async with self._store.work() as work:
            if await work.inbox.set_aside(arrival, now, reason) and tell:
                outbound = compose(say(Say.TROUBLE), citizen, language, self._render, key=key)
                await work.outbox.enqueue([queued(outbound, citizen)], now)
            await work.commit()


def _remembered(citizen: Citizen, outcome: Outcome) -> Citizen:
    """The citizen after this answer: language, greeting, opt-out."""
    if outcome.answer.replies:
        citizen = replace(citizen, welcomed=True)
    if outcome.detected and not citizen.chosen:
        citizen = replace(citizen, language=outcome.language)
    for effect in outcome.answer.effects:
        match effect:
            case ChooseLanguage(language=language):
                citizen = replace(citizen, language=language, chosen=True)
            case OptOut():
                citizen = replace(citizen, opted_out=True)
            case OptIn():
                citizen = replace(citizen, opted_out=False)
            case _:
                pass
    return citizen
