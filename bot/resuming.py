"""Reports that were left lying: brought up again once after a silence, at last dropped with one word.

The citizen is locked meanwhile, and left alone while a message of theirs waits: whoever is just answering is not talked
into. Nothing is sent after STOP, into a talk with a person, or where the channel takes free text no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.outgoing import compose, queued
from bot.ports import Kind, Render, Stale, UnitOfWork
from bot.speech import usual_language
from handlers.people import privacy
from handlers.reporting import resume
from handlers.reports import picked
from handlers.say import Reply, Say, say
from handlers.turn import Asked, Citizen, Dialogue
from tickets.city import Cities

EVERY = timedelta(minutes=2)
_BATCH = 200  # citizens in one unit of work: others wait meanwhile
_KNOWN = timedelta(days=3)  # what is older was dropped long ago, or is no report
_MARGIN = timedelta(minutes=2)  # before WhatsApp's window closes: a message takes its time


@dataclass(frozen=True, slots=True, kw_only=True)
class Resuming:
    """The scheduled job `resuming`."""

    city: Cities
    render: Render

    async def step(self, work: UnitOfWork, now: datetime, after: int) -> int | None:
        """The next citizens, those with an id above `after`, who were asked something and have not answered since."""
        left = await work.dialogues.left(
            now - _KNOWN, now - min(self.city.now.talk.remind, self.city.now.talk.expire), after, _BATCH
        )
        due = {citizen.id: citizen for citizen, dialogue in left if self._due(dialogue, now)}
        for id_, dialogue in (await work.dialogues.quiet(sorted(due))).items():
            if report := self._due(dialogue, now):
                await self._one(work, due[id_], report, now)
        return left[-1][0].id if left else None

    def _due(self, dialogue: Dialogue | None, now: datetime) -> Dialogue | None:
        """The report, also where a code was asked for in the middle of it; None where it is not due."""
        report = privacy.behind(dialogue)
        return report if report and self._is_due(report, now) else None

    def _is_due(self, dialogue: Dialogue, now: datetime) -> bool:
        """A report that is to be dropped, or brought up for the first time."""
        silent = now - dialogue.since
        if dialogue.asked is Asked.TICKET:  # a photo may have come with it
            return silent >= self.city.now.talk.expire
        if dialogue.asked not in resume.OF_A_REPORT:
            return False
        fresh = not dialogue.reminded and resume.subject(dialogue, self.city.now) is not None
        return silent >= self.city.now.talk.expire or (silent >= self.city.now.talk.remind and fresh)

    async def _one(self, work: UnitOfWork, citizen: Citizen, dialogue: Dialogue, now: datetime) -> None:
        if now - dialogue.since >= self.city.now.talk.expire:
            await self._drop(work, citizen, dialogue, now)
        else:
            await self._bring_up(work, citizen, dialogue, now)

    async def _drop(self, work: UnitOfWork, citizen: Citizen, dialogue: Dialogue, now: datetime) -> None:
        if change := await picked.unplaced(dialogue, work.tickets, now):
            try:
                await work.tickets.change(change.ticket, replace(change.update, citizen=citizen.id))
            except Stale:  # somebody works on it just now: the next run
                return
            await work.photos.add(change.ticket.number, citizen.contact.channel, change.media, now, citizen.id)
            kept = say(Say.COMMENT_KEPT, number=change.ticket.number)
            await self._tell(work, citizen, dialogue, (kept,), now)
        await work.dialogues.save(citizen.id, None, now)
        if about := resume.subject(dialogue, self.city.now):
            await self._tell(work, citizen, dialogue, (say(Say.EXPIRED, service=about),), now)

    async def _bring_up(self, work: UnitOfWork, citizen: Citizen, dialogue: Dialogue, now: datetime) -> None:
        language = usual_language(citizen, self.city.now)
        replies, reminded = await resume.reminder(citizen, dialogue, language, self.city.now, work.tickets, now)
        await work.dialogues.save(citizen.id, reminded, now)
        await self._tell(work, citizen, reminded, replies, now)

    async def _tell(
        self, work: UnitOfWork, citizen: Citizen, dialogue: Dialogue, replies: Sequence[Reply], now: datetime
    ) -> None:
        until = await work.windows.open_until(citizen.id)
        if until is not None and until - _MARGIN <= now:
            return
        language = usual_language(citizen, self.city.now)
        outbounds = (
            compose(
                reply, citizen, language, self.render,
                key=f"resume:{reply.say}:{citizen.id}:{dialogue.question}", question=dialogue.question,
            )
            for reply in replies
        )  # fmt: skip
        await work.outbox.enqueue([queued(outbound, citizen, Kind.REPLY) for outbound in outbounds], now)
