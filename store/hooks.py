"""Subscribers, and the events that wait for them: claimed as the rows of `store/queue.py` are, in lanes of a subscriber
and a ticket. What was told is deleted: `updates` keeps the history, from which all can be told again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, exists, func, literal, or_, select, update

from bot.ports.hooks import Happened, Held, Hook, Setback, State
from store.codec import UNOPENED
from store.replays import Replays
from store.tables import hook_events, hooks
from store.transaction import Transaction
from store.types import Time
from tickets.happening import Happening

_WAITS = hook_events.c.aside_at.is_(None)
_older = hook_events.alias("older")
_BLOCKED = exists().where(
    _older.c.hook == hook_events.c.hook, _older.c.number == hook_events.c.number,
    _older.c.version < hook_events.c.version, _older.c.aside_at.is_(None),
)  # fmt: skip


class Hooks:
    """Keeps `bot.ports.hooks.Hooks`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, hook: Hook) -> int:
        row = {
            "name": hook.name, "url": self._sealed(hooks.c.url, hook.url),
            "secret": self._sealed(hooks.c.secret, hook.secrets[0].hex()), "services": _listed(hook.services),
            "areas": _listed(hook.areas), "happenings": _listed(hook.happenings), "state": hook.state,
            "made_at": hook.made_at, "due": hook.due,
        }  # fmt: skip
        return int((await self._tx.execute(hooks.insert().values(row).returning(hooks.c.id))).scalar_one())

    async def all(self) -> Sequence[Hook]:
        return self._opened((await self._tx.execute(select(hooks).order_by(hooks.c.id))).all())

    async def get(self, which: int) -> Hook | None:
        rows = await self._tx.execute(select(hooks).where(hooks.c.id == which))
        return next(iter(self._opened(rows.all())), None)

    async def remove(self, which: int) -> bool:
        gone = await self._tx.changed(delete(hooks).where(hooks.c.id == which)) == 1
        await self._tx.execute(delete(hook_events).where(hook_events.c.hook == which))
        return gone

    async def turn(self, which: int, state: State, now: datetime) -> bool:
        fresh = {"failures": 0, "failing_since": None, "due": now, "trouble": ""} if state is State.ON else {}
        turned = await self._tx.changed(update(hooks).where(hooks.c.id == which).values(state=state, **fresh)) == 1
        if turned and state is State.ON:
            theirs = update(hook_events).where(hook_events.c.hook == which, _WAITS, hook_events.c.token.is_(None))
            await self._tx.execute(theirs.values(due=now, since=None, attempts=0))
            self._tx.filled.add(hook_events.name)
        return turned

    async def renew(self, which: int, secret: bytes, old_until: datetime) -> bool:
        hook = await self.get(which)
        if hook is None:
            return False
        values = {
            "secret": self._sealed(hooks.c.secret, secret.hex()), "old_until": old_until,
            "old_secret": self._sealed(hooks.c.old_secret, hook.secrets[0].hex()),
        }  # fmt: skip
        return await self._tx.changed(update(hooks).where(hooks.c.id == which).values(values)) == 1

    async def held(self) -> Mapping[int, Held]:
        waits, aside = case((_WAITS, 1), else_=0), case((_WAITS, 0), else_=1)
        oldest = case((_WAITS, hook_events.c.queued_at), else_=None)
        counted = select(
            hook_events.c.hook, func.sum(waits).label("waiting"), func.sum(aside).label("aside"),
            func.min(oldest, type_=Time()).label("oldest"),
        ).group_by(hook_events.c.hook)  # fmt: skip
        rows = await self._tx.execute(counted)
        return {row.hook: Held(waiting=int(row.waiting), oldest=row.oldest, aside=int(row.aside)) for row in rows}

    async def aside(self, which: int, limit: int) -> Sequence[Happened]:
        hook = await self.get(which)
        if hook is None:
            return ()
        theirs = select(hook_events).where(hook_events.c.hook == which, ~_WAITS)
        newest = theirs.order_by(hook_events.c.aside_at.desc(), hook_events.c.id.desc()).limit(limit)
        return [_happened(row, hook) for row in await self._tx.execute(newest)]

    async def again(self, which: int, now: datetime) -> int:
        anew = {"due": now, "since": None, "attempts": 0}
        theirs = update(hook_events).where(hook_events.c.hook == which, ~_WAITS)
        self._tx.filled.add(hook_events.name)
        return await self._tx.changed(theirs.values(**anew, aside_at=None, queued_at=now, token=None))

    async def ready(self, now: datetime) -> Sequence[Hook]:
        something = exists().where(hook_events.c.hook == hooks.c.id, _WAITS, hook_events.c.due <= now)
        due = select(hooks).where(hooks.c.state == State.ON, hooks.c.due <= now, something)
        return self._opened((await self._tx.execute(due.order_by(hooks.c.due, hooks.c.id))).all())

    async def claim(self, hook: Hook, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[Happened]:
        due = select(hook_events.c.id).where(hook_events.c.hook == hook.id, _WAITS, hook_events.c.due <= now, ~_BLOCKED)
        heads = due.order_by(hook_events.c.due, hook_events.c.id).limit(limit)
        free = heads.with_for_update(skip_locked=True, of=hook_events).cte("free")
        lease = {"owner": owner, "token": token_hex(8), "due": until, "attempts": hook_events.c.attempts + 1}
        claimed = update(hook_events).where(hook_events.c.id.in_(select(free.c.id))).values(lease)
        rows = (await self._tx.execute(claimed.returning(hook_events))).all()
        return [_happened(row, hook) for row in sorted(rows, key=lambda row: row.id)]

    async def delivered(self, one: Happened, status: int, now: datetime) -> bool:
        ours = await self.dropped(one)
        well = {"failures": 0, "failing_since": None, "delivered_at": now, "status": status, "trouble": "", "due": now}
        await self._tx.execute(update(hooks).where(hooks.c.id == one.hook.id).values(well))
        if one.hook.broken:
            waiting = (hook_events.c.hook == one.hook.id) & _WAITS & hook_events.c.token.is_(None)
            await self._tx.execute(update(hook_events).where(waiting).values(due=now))
            self._tx.filled.add(hook_events.name)
        return ours

    async def dropped(self, one: Happened) -> bool:
        return await self._tx.changed(delete(hook_events).where(_held(one))) == 1

    async def failed(self, one: Happened, setback: Setback, now: datetime) -> bool:
        told = {"status": setback.status, "trouble": setback.trouble}
        since = func.coalesce(hook_events.c.since, literal(now, Time()))
        row = {**told, "owner": None, "token": None, "since": since, "due": setback.again or now}
        aside = {} if setback.again else {"aside_at": now}
        ours = await self._tx.changed(update(hook_events).where(_held(one)).values(**row, **aside)) == 1
        first = func.coalesce(hooks.c.failing_since, literal(now, Time()))
        theirs = {**told, "failures": hooks.c.failures + 1, "failing_since": first, "due": setback.hold}
        on = hooks.c.state == State.ON  # an administrator who paused it meanwhile has the last word
        state = case((on, literal(setback.state)), else_=hooks.c.state)
        await self._tx.execute(update(hooks).where(hooks.c.id == one.hook.id).values(**theirs, state=state))
        return ours

    async def release(self, owner: str) -> int:
        theirs = update(hook_events).where(hook_events.c.owner == owner)
        return await self._tx.changed(theirs.values(owner=None, token=None, due=hook_events.c.queued_at))

    async def replay(self, which: int, since: datetime, until: datetime) -> bool:
        values = {"replay_at": since, "replay_number": "", "replay_since": since, "replay_until": until}
        self._tx.filled.add(hook_events.name)
        return await self._tx.changed(update(hooks).where(hooks.c.id == which).values(values)) == 1

    async def refill(self, now: datetime) -> int:
        return await Replays(self._tx).refill(now)

    async def forget(self, before: datetime) -> int:
        old = func.coalesce(hook_events.c.aside_at, hook_events.c.queued_at) < literal(before, Time())
        nobodys = ~exists().where(hooks.c.id == hook_events.c.hook)
        return await self._tx.changed(delete(hook_events).where(or_(old, nobodys)))

    def _opened(self, rows: Sequence[Row[Any]]) -> list[Hook]:
        found = []
        for row in rows:
            try:
                found.append(self._hook(row))
            except UNOPENED:  # the others can be told
                continue
        return found

    def _hook(self, row: Row[Any]) -> Hook:
        codec = self._tx.codec
        secrets = [bytes.fromhex(codec.unpack(hooks.c.secret, row.secret, str))]
        if row.old_secret is not None:
            secrets.append(bytes.fromhex(codec.unpack(hooks.c.old_secret, row.old_secret, str)))
        return Hook(
            id=row.id, name=row.name, url=codec.unpack(hooks.c.url, row.url, str), secrets=tuple(secrets),
            old_until=row.old_until, services=_read(row.services), areas=_read(row.areas),
            happenings=tuple(Happening(one) for one in _read(row.happenings)), state=State(row.state),
            made_at=row.made_at, due=row.due, failures=row.failures, failing_since=row.failing_since,
            delivered_at=row.delivered_at, status=row.status, trouble=row.trouble, replaying=row.replay_at,
        )  # fmt: skip

    def _sealed(self, column: Any, value: str) -> bytes:
        return self._tx.codec.pack(column, value)


def _held(one: Happened) -> ColumnElement[bool]:
    """Still under its claim."""
    return (hook_events.c.id == one.id) & (hook_events.c.token == one.token)


def _happened(row: Row[Any], hook: Hook) -> Happened:
    return Happened(
        id=row.id, hook=hook, number=row.number, version=row.version, happening=Happening(row.happening), at=row.at,
        since=row.since, attempts=row.attempts, token=row.token or "", status=row.status, trouble=row.trouble,
    )  # fmt: skip


def _listed(codes: Sequence[str]) -> str:
    return f",{','.join(codes)}," if codes else ""


def _read(listed: str) -> tuple[str, ...]:
    return tuple(listed.strip(",").split(",")) if listed else ()
