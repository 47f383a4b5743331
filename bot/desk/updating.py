"""What other programs say of a ticket: a contractor's system, a body that has it. A note is for clerks; a move is told
to citizens as a clerk's would be, and only a key that may move makes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.desk.posting import NAMED
from bot.notices import Unknown, undeterred
from bot.ports import Clock, Store, UnitOfWork
from bot.telling import Telling
from tickets.city import Cities
from tickets.model import Actor, Author, Status, Ticket
from tickets.promise import new_date
from tickets.workflow import CLOSED, NOTE_NEEDED, NotAllowed, comment, move

BY: Final = "open311:"  # before the name of a key, in histories; no login can be called so
# What programs write for a status: our own codes, those of Open311, and those of FixMyStreet's extension.
STATUSES: Final[Mapping[str, Status]] = {
    **{status.value: status for status in Status if status is not Status.DUPLICATE},
    "open": Status.IN_PROGRESS,
    "investigating": Status.TRIAGED,
    "action_scheduled": Status.IN_PROGRESS,
    "closed": Status.RESOLVED,
    "fixed": Status.RESOLVED,
    "fixed_council": Status.RESOLVED,
    "no_further_action": Status.DECLINED,
    "not_councils_responsibility": Status.DECLINED,
    "unable_to_fix": Status.DECLINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a program says. `by`: the name of its key; `status`: where the ticket is to be, None: where it is; `named`:
    the program's own name of this update, by which it is known again."""

    number: str
    by: str
    text: str = field(repr=False)
    status: Status | None = None
    opens: bool = False  # `status` only says that it is open, wherever it stands
    named: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Updating:
    store: Store
    clock: Clock
    city: Cities
    telling: Telling

    async def say(self, report: Report) -> str:
        """The update's own name, as `7K3-9QX.4`; the same for one that was sent before. Raises Unknown, NotAllowed,
        NoteNeeded, NoteTooLong, Stale or StoreUnavailable; then nothing was written."""
        known: list[str] = []
        await self._say(report, known)
        return known[-1]

    @undeterred
    async def _say(self, report: Report, known: list[str]) -> None:
        now = self.clock.now()
        async with self.store.work() as work:
            await work.tickets.lock([report.number])
            ticket = await work.tickets.get(report.number)
            if ticket is None:
                raise Unknown(report.number)
            fresh = f"{ticket.number}.{ticket.version + 1}"
            name = await work.postings.once(("update", report.by, report.named), fresh, now, now + NAMED)
            if name == fresh:
                await self._write(work, ticket, report, now)
            await work.commit()
        known.append(name)

    async def _write(self, work: UnitOfWork, ticket: Ticket, report: Report, now: datetime) -> None:
        """The words are a note between clerks, but for what needs a reason: that one is told."""
        actor, to = Actor(author=Author.CLERK, name=BY + report.by), self._to(ticket, report)
        reason = report.text if to in NOTE_NEEDED else ""
        if report.text.strip() and not reason:
            ticket, note = comment(ticket, actor=actor, at=now, note=report.text, public=False)
            await work.tickets.change(ticket, note)
        if to is None:
            return
        due = new_date(ticket, self.city.now, now)
        moved, update = move(ticket, to, self.city.now.calendar, actor=actor, at=now, note=reason, due=due)
        await work.tickets.change(moved, update)
        await self.telling.tell(work, moved, update, now)

    def _to(self, ticket: Ticket, report: Report) -> Status | None:
        """Where it moves; None where it is there."""
        if report.status is None or report.status is ticket.status:
            return None
        if report.opens and ticket.status not in CLOSED:
            return None
        if ticket.merged_into:
            raise NotAllowed("moved while it goes on in another")
        return report.status
