"""What clerks do with a case beside moving it (tickets/workflow.py): each act gives the ticket's next value and the
update that records who, what and why."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tickets.calendar import Calendar
from tickets.city import Service
from tickets.model import Actor, Author, Change, Event, Field, Priority, Status, Ticket, Update
from tickets.rights import Right, Role, may, may_work
from tickets.undoing import standing
from tickets.workflow import CLOSED, MOVES, NEVER, NotAllowed, answered, dates, promises_otherwise, recounted

Step = tuple[Ticket, Update]


class Verdict(StrEnum):
    """What an outside body says of a ticket that it was given."""

    DONE = "done"
    NOT_OURS = "not_ours"
    LONGER = "longer"  # they have it still


def may_assign(role: Role, login: str, ticket: Ticket, to: str | None) -> bool:
    """Clerks take a ticket, and give their own back; who directs others gives it to anybody."""
    return may(role, Right.DIRECT) or to == login or (to is None and ticket.assignee in (None, login))


def may_get(role: Role, department: str | None, ticket: Ticket) -> bool:
    """Whether somebody of this role and department can have it as theirs."""
    return may_work(role, department, ticket)


def assign(ticket: Ticket, to: str | None, *, actor: Actor, at: datetime) -> Step:
    """To a clerk, or to nobody. Raises NotAllowed when it is closed or theirs already."""
    if ticket.status in CLOSED or to == ticket.assignee:
        raise NotAllowed(f"assigned while {ticket.status}")
    change = Change(field=Field.ASSIGNEE, old=ticket.assignee or "", new=to or "")
    return _step(ticket, Event.ASSIGNED, actor, at, (change,), assignee=to)


def rerank(
    ticket: Ticket, to: Priority, service: Service | None, calendar: Calendar, *, actor: Actor, at: datetime,
    note: str = "", stood: timedelta = NEVER,
) -> Step:  # fmt: skip
    """With another priority. What was promised is counted anew, from filing on and without the time for which the clock
    `stood`, where the service (None: the city offers it no more) makes a difference. Raises NotAllowed when it is
    closed or of this priority already."""
    if ticket.status in CLOSED or to is ticket.priority:
        raise NotAllowed(f"{ticket.priority} -> {to} while {ticket.status}")
    ranked = replace(ticket, priority=to)
    if service and promises_otherwise(ticket, ranked, service):
        ranked = replace(ranked, due_at=recounted(ranked, service, calendar, at, stood))
    change = Change(field=Field.PRIORITY, old=ticket.priority, new=to)
    changes = (change, *dates(ticket, ranked))
    return _step(ticket, Event.RERANKED, actor, at, changes, note, priority=to, due_at=ranked.due_at)


def answer(ticket: Ticket, *, actor: Actor, at: datetime, text: str) -> Step:
    """A clerk wrote to its citizen. It is between the two: none of those who joined it is told."""
    return _step(answered(ticket, actor, at), Event.ANSWERED, actor, at, note=text)


def merged_here(history: Sequence[Update]) -> frozenset[str]:
    """The numbers of those that go on in the ticket of this history."""
    found: set[str] = set()
    for update in history:
        change = update.change(Field.MERGED_FROM)
        if change:
            found = (found | {change.new} if change.new else found) - {change.old}
    return frozenset(found)


def merge(
    duplicate: Ticket, into: Ticket, *, arrived: int, urgent_from: int, due: datetime | None, actor: Actor,
    at: datetime, note: str = "",
) -> tuple[Step, Step]:  # fmt: skip
    """The one closed as a duplicate, the other with so many more who follow it (`arrived`); it becomes urgent as by
    their joining, `due` as in workflow.follow. Raises NotAllowed where one of them is closed, goes on in another
    already, or both are one; whoever calls makes sure that nothing was merged into the duplicate (`merged_here`)."""
    if duplicate.number == into.number or Status.DUPLICATE not in MOVES[duplicate.status]:
        raise NotAllowed(f"{duplicate.status} -> {Status.DUPLICATE}")
    if duplicate.merged_into or into.merged_into or into.status in CLOSED:
        raise NotAllowed("into one that is closed")
    there = Change(field=Field.MERGED_INTO, new=into.number)
    closed = _step(
        duplicate, Event.MERGED, actor, at, (there,), note,
        status=Status.DUPLICATE, closed_at=at, waiting_since=None, merged_into=into.number,
    )  # fmt: skip
    return closed, _joined(into, duplicate.number, arrived, urgent_from, due, actor, at, note)


def _joined(
    into: Ticket, number: str, arrived: int, urgent_from: int, due: datetime | None, actor: Actor, at: datetime,
    note: str,
) -> Step:  # fmt: skip
    joined = into.followers + arrived
    rises = into.priority is Priority.NORMAL and joined >= urgent_from
    after = replace(into, followers=joined, priority=Priority.URGENT if rises else into.priority)
    after = replace(after, due_at=min(due, into.due_at)) if rises and due else after
    ranked = (Change(field=Field.PRIORITY, old=into.priority, new=after.priority),) if rises else ()
    changes = (Change(field=Field.MERGED_FROM, new=number), *ranked, *dates(into, after))
    now: dict[str, Any] = {"followers": after.followers, "priority": after.priority, "due_at": after.due_at}
    return _step(into, Event.MERGED, actor, at, changes, note, **now)


def unmerge(
    duplicate: Ticket, own: Sequence[Update], into: Ticket, its: Sequence[Update], *, gone: int, urgent_from: int,
    actor: Actor, at: datetime,
) -> tuple[Step, Step]:  # fmt: skip
    """Both as they were: the duplicate where it stood when it was merged, by its `own` history, the other without the
    `gone` who came with it, and with its former priority and date, by `its` history, unless somebody else changed
    them since. Raises NotAllowed where they are not merged."""
    merged = _merging(own, Field.MERGED_INTO, into.number)
    if duplicate.merged_into != into.number or merged is None or merged.old is None:
        raise NotAllowed("taken apart where nothing was merged")
    back = Change(field=Field.MERGED_INTO, old=into.number)
    opened = _step(
        duplicate, Event.UNMERGED, actor, at, (back,), status=merged.old, closed_at=None,
        waiting_since=_waiting(own, merged), merged_into=None,
    )  # fmt: skip
    return opened, _parted(into, its, duplicate.number, gone, urgent_from, actor, at)


def _parted(
    into: Ticket, history: Sequence[Update], number: str, gone: int, urgent_from: int, actor: Actor, at: datetime
) -> Step:  # fmt: skip
    after = replace(into, followers=max(0, into.followers - gone))
    merged = _merging(history, Field.MERGED_FROM, number)
    ranked = merged.change(Field.PRIORITY) if merged else None
    dated = merged.change(Field.DUE) if merged else None
    changes: tuple[Change, ...] = (Change(field=Field.MERGED_FROM, old=number),)
    if merged and ranked and after.followers < urgent_from and _is_last(history, merged, Field.PRIORITY):
        after = replace(after, priority=Priority(ranked.old))
        changes += (Change(field=Field.PRIORITY, old=ranked.new, new=ranked.old),)
        if dated and _is_last(history, merged, Field.DUE):
            after = replace(after, due_at=datetime.fromisoformat(dated.old))
    changes += dates(into, after)
    now: dict[str, Any] = {"followers": after.followers, "priority": after.priority, "due_at": after.due_at}
    return _step(into, Event.UNMERGED, actor, at, changes, **now)


def _merging(history: Sequence[Update], field: Field, number: str) -> Update | None:
    """The last time that it was merged with this one."""
    found = (update for update in reversed(history) if (change := update.change(field)) and change.new == number)
    return next(found, None)


def _is_last(history: Sequence[Update], update: Update, field: Field) -> bool:
    """Whether nothing changed this field since."""
    return not any(later.change(field) for later in history if later.version > update.version)


def _waiting(history: Sequence[Update], merged: Update) -> datetime | None:
    """Since when it waited for its citizen as it was merged."""
    if merged.old is not Status.WAITING:
        return None
    begun = [one.at for one in standing(history) if one.version < merged.version and one.new is Status.WAITING]
    return begun[-1] if begun else merged.at


def link(ticket: Ticket, other: str, *, actor: Actor, at: datetime) -> Step:
    return _step(ticket, Event.LINKED, actor, at, (Change(field=Field.LINK, new=other),))


def unlink(ticket: Ticket, other: str, *, actor: Actor, at: datetime) -> Step:
    return _step(ticket, Event.UNLINKED, actor, at, (Change(field=Field.LINK, old=other),))


def split(ticket: Ticket, other: str, *, actor: Actor, at: datetime) -> Step:
    """Of the whole and of the part alike. Raises NotAllowed when it is closed."""
    if ticket.status in CLOSED:
        raise NotAllowed(f"split while {ticket.status}")
    return _step(ticket, Event.SPLIT, actor, at, (Change(field=Field.LINK, new=other),))


def hand_over(ticket: Ticket, department: str, *, actor: Actor, at: datetime, note: str) -> Step:
    """To another department, where nobody has it yet. What was promised holds. Raises NotAllowed when it is closed or
    theirs already."""
    if ticket.status in CLOSED or department == ticket.department:
        raise NotAllowed(f"{ticket.department} -> {department} while {ticket.status}")
    changes: tuple[Change, ...] = (Change(field=Field.DEPARTMENT, old=ticket.department, new=department),)
    if ticket.assignee:
        changes += (Change(field=Field.ASSIGNEE, old=ticket.assignee),)
    return _step(ticket, Event.REFERRED, actor, at, changes, note, department=department, assignee=None)


def refer(ticket: Ticket, body: str, *, actor: Actor, at: datetime, note: str) -> Step:
    """To a body beyond the city, which has it from now on; the city's promise holds. Raises NotAllowed when it is
    closed or one has it already."""
    if ticket.status in CLOSED or ticket.outside:
        raise NotAllowed(f"given away while {ticket.status}")
    return _step(ticket, Event.REFERRED, actor, at, (Change(field=Field.OUTSIDE, new=body),), note, outside=body)


def take_back(ticket: Ticket, *, actor: Actor, at: datetime, note: str = "") -> Step:
    """From the body that has it. Raises NotAllowed where none does."""
    if not ticket.outside:
        raise NotAllowed("taken back where nobody has it")
    return _step(
        ticket, Event.REFERRED, actor, at, (Change(field=Field.OUTSIDE, old=ticket.outside),), note, outside=None
    )


def returned(ticket: Ticket, verdict: Verdict, *, actor: Actor, at: datetime, word: str) -> Step:
    """What the body says that has it; it has it no more unless it needs longer. Raises NotAllowed where none does."""
    if not ticket.outside:
        raise NotAllowed("answered where nobody has it")
    ends = verdict is not Verdict.LONGER
    given = (Change(field=Field.OUTSIDE, old=ticket.outside),) if ends else ()
    changes = (Change(field=Field.VERDICT, new=verdict), *given)
    return _step(ticket, Event.RETURNED, actor, at, changes, word, outside=None if ends else ticket.outside)


class Way(StrEnum):
    """How a citizen is told what a message did not tell them."""

    AGAIN = "again"  # the same message once more
    SMS = "sms"
    LETTER = "letter"
    PHONE = "phone"
    PERSON = "person"
    OTHER = "other"
    NOBODY = "nobody"  # nobody needs to hear it any more


def retold(ticket: Ticket, way: Way, *, reason: str, actor: Actor, at: datetime, note: str = "") -> Step:
    """A message of it had not arrived for this reason; told another way, or once more."""
    return _step(ticket, Event.RETOLD, actor, at, (Change(field=Field.DELIVERY, old=reason, new=way),), note)


class Shown(StrEnum):
    """What a clerk can clear of a ticket for anybody to see."""

    WORDS = "words"
    PHOTOS = "photos"
    NEWS = "news"


def clear(ticket: Ticket, shown: Collection[Shown], *, actor: Actor, at: datetime) -> Step:
    """Anybody may see this of it from now on, and nothing else of what was said and sent. In any status."""
    change = Change(field=Field.SHOWN, new=" ".join(one for one in Shown if one in shown))
    return _step(ticket, Event.CLEARED, actor, at, (change,))


def newest_news(history: Sequence[Update]) -> Update | None:
    """The last words with which a clerk told its citizen and all who joined: what can be told to anybody too."""
    told = (one for one in reversed(history) if one.public and one.actor.author is Author.CLERK and one.note.strip())
    return next(told, None)


def _step(
    ticket: Ticket, event: Event, actor: Actor, at: datetime, changes: tuple[Change, ...] = (), note: str = "",
    **after: Any,
) -> Step:  # fmt: skip
    """Internal: nobody outside the desk hears of it by itself."""
    stepped = replace(ticket, version=ticket.version + 1, **after)
    moved = stepped.status is not ticket.status
    return stepped, Update(
        number=ticket.number, version=stepped.version, at=at, actor=actor, event=event, changes=changes,
        old=ticket.status if moved else None, new=stepped.status if moved else None, note=note.strip(),
    )  # fmt: skip
