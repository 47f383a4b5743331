"""Figures counted once more in another way: every ticket's whole history is gone through up to the instant, for each
period anew. Slow and obvious; nothing of `tickets/counting.py` or `store/figures.py` is used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bot.ports import Closure, Rating
from tickets.figures import Figure, Scope
from tickets.model import Author, Event, Field, Status, Ticket, Update

ENDS = {Status.RESOLVED, Status.DECLINED, Status.DUPLICATE}


@dataclass(kw_only=True)
class Message:
    """A notice in the outbox; `again`: it was queued once more."""

    number: str
    queued_at: datetime
    failed: bool
    again: bool = False


@dataclass(kw_only=True)
class Town:
    """All that there is, as it is now."""

    cases: list[tuple[Ticket, Sequence[Update]]] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def of(self, number: str) -> tuple[Ticket, Sequence[Update]]:
        return self.by_number[number]

    @cached_property
    def by_number(self) -> Mapping[str, tuple[Ticket, Sequence[Update]]]:
        return {case[0].number: case for case in self.cases}


@dataclass(kw_only=True)
class Then:
    """A ticket at an instant that is over."""

    status: Status = Status.RECEIVED
    closed_at: datetime | None = None
    answered_at: datetime | None = None
    due: datetime
    first: datetime | None = None
    waiting: datetime | None = None
    followers: int = 0

    @property
    def date(self) -> datetime | None:
        """The one promised first. None while the clock stands, where it was not past when it stopped."""
        date = self.first or self.due
        return None if self.waiting and date >= self.waiting else date


def dates(update: Update) -> tuple[datetime, datetime] | None:
    change = update.change(Field.DUE)
    return (datetime.fromisoformat(change.old), datetime.fromisoformat(change.new)) if change else None


def replayed(ticket: Ticket, history: Sequence[Update], end: datetime) -> Then:
    first_date = next((changed[0] for update in history if (changed := dates(update))), ticket.due_at)
    then = Then(due=first_date)
    for update in history:
        if update.at >= end:
            continue
        if update.actor.author is Author.CLERK and update.public and then.answered_at is None:
            then.answered_at = update.at
        if update.event is Event.POSTPONED and then.first is None:
            then.first = changed[0] if (changed := dates(update)) else ticket.first_due_at
        if changed := dates(update):
            then.due = changed[1]
        if update.new and update.new is not then.status:
            then.closed_at = update.at if update.new in ENDS else None
            then.waiting = update.at if update.new is Status.WAITING else None
            then.status = update.new
        then.followers += {Event.FOLLOWED: 1, Event.LEFT: -1}.get(update.event, 0)
    return then


def belongs(ticket: Ticket, scope: Scope) -> bool:
    mine = {"city": "", "department": ticket.department, "area": ticket.place.area or ""}
    return mine[scope.kind] == scope.code


def recounted(town: Town, scope: Scope, begin: datetime, end: datetime) -> Mapping[Figure, list[str]]:
    """The tickets of each figure, each as often as it is counted."""
    found: dict[Figure, list[str]] = {figure: [] for figure in Figure}

    def inside(at: datetime | None) -> bool:
        return at is not None and begin <= at < end

    for ticket, history in town.cases:
        if not belongs(ticket, scope) or ticket.filed_at >= end:
            continue
        then, number = replayed(ticket, history, end), ticket.number
        now = [update for update in history if inside(update.at)]
        closed = then.status in ENDS
        waits = then.status is Status.WAITING
        late = not closed and not waits and then.date is not None and then.date < end
        place, sure = ticket.place, ticket.confidence is None or ticket.confidence >= 0.6
        is_so = {
            Figure.FILED: inside(ticket.filed_at),
            Figure.CLOSED: closed and inside(then.closed_at),
            Figure.OPEN: not closed,
            Figure.LATE: late,
            Figure.DUE: inside(then.date),
            Figure.ON_TIME: inside(then.date) and closed and then.closed_at <= then.date,
            Figure.ANSWERED: inside(then.answered_at),
            Figure.RESOLVED: then.status is Status.RESOLVED and inside(then.closed_at),
            Figure.REOPENED: any(update.old in ENDS and update.new and update.new not in ENDS for update in now),
            Figure.UNLOCATED: inside(ticket.filed_at) and place.point is None and not place.street,
            Figure.UNSURE: inside(ticket.filed_at) and not sure,
        }
        for figure, so in is_so.items():
            found[figure] += [number] * so
        found[Figure.FOLLOWERS] += [number] * (0 if closed else max(0, then.followers))
        found[Figure.SPARED] += [number] * sum(update.event is Event.FOLLOWED for update in now)
        found[Figure.BROKEN] += [number] * sum(update.event is Event.POSTPONED for update in now)
    _beside(town, scope, found, inside)
    return found


def _beside(town: Town, scope: Scope, found: dict[Figure, list[str]], inside) -> None:
    def ours(number: str) -> bool:
        return belongs(town.of(number)[0], scope)

    found[Figure.RATED] += [rating.number for rating in given(town, inside) if ours(rating.number)]
    for message in town.messages:
        if message.failed and not message.again and inside(message.queued_at) and ours(message.number):
            found[Figure.UNDELIVERED].append(message.number)
    answers = {"yes": Figure.CONFIRMED, "no": Figure.DISPUTED, None: Figure.UNANSWERED}
    for one in town.closures:
        if inside(one.asked_at) and ours(one.number):
            found[Figure.ASKED].append(one.number)
            found[answers[one.answer]].append(one.number)


def answers_by_history(town: Town) -> dict[tuple[str, int, datetime], str | None]:
    """By number, citizen and resolution of each question what its citizen said last until the next resolution, as the
    report's history tells it."""
    found = {}
    for one in town.closures:
        ticket, history = town.of(one.number)
        resolved = sorted(update.at for update in history if update.new is Status.RESOLVED)
        until = next((at for at in resolved if at > one.resolved_at), datetime.max.replace(tzinfo=UTC))
        said = [
            "yes" if update.event is Event.CONFIRMED else "no"
            for update in history
            if update.event in (Event.CONFIRMED, Event.REOPENED) and one.resolved_at <= update.at < until
            and (update.citizen or ticket.reporter) == one.citizen
        ]  # fmt: skip
        found[one.number, one.citizen, one.resolved_at] = said[-1] if said else None
    return found


def hours(town: Town, numbers: Sequence[str], end: datetime, *, closing: bool) -> list[float]:
    found = []
    for number in numbers:
        ticket, history = town.of(number)
        then = replayed(ticket, history, end)
        at = then.closed_at if closing else then.answered_at
        assert at
        found.append(max(0.0, (at - ticket.filed_at) / timedelta(hours=1)))
    return sorted(found)


def scores(town: Town, scope: Scope, begin: datetime, end: datetime) -> list[int]:
    inside = given(town, lambda at: begin <= at < end)
    return [rating.score for rating in inside if belongs(town.of(rating.number)[0], scope)]


def given(town: Town, inside) -> list[Rating]:
    """Of each citizen and ticket the newest that was given inside."""
    newest = {}
    for rating in sorted(town.ratings, key=lambda one: one.at):
        if rating.score is not None and inside(rating.at):
            newest[rating.number, rating.citizen] = rating
    return list(newest.values())


def counted_by(town: Town, numbers: Sequence[str], what: str) -> Counter[str]:
    return Counter(getattr(town.of(number)[0], what) for number in numbers)
