"""How fast messages leave, for all processes together: when the next slot of each channel and each chat is free.

A slot's time is a sum that grows by one interval with each message (the "virtual scheduling" form of ITU-T I.371's
generic cell rate algorithm): one number per limit, whatever the rate. One select and one insert serve a whole claim.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, case, delete, select, update

from bot.ports import Admitted, Departure, Limit
from channels.message import Delivery
from store.tables import outbox, slots
from store.transaction import Transaction

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_FREE = (
    select(slots.c.name, slots.c.free_at)
    .where(slots.c.name.in_(bindparam("names", expanding=True)))
    .order_by(slots.c.name)
    .with_for_update()
)
_GIVE_BACK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.token == bindparam("held"), outbox.c.done_at.is_(None))
    .values(
        due=bindparam("free"),
        owner=None,
        token=None,
        attempts=outbox.c.attempts - 1,
        delivery=case((outbox.c.attempts == 1, Delivery.QUEUED), else_=outbox.c.delivery),
    )
)


@dataclass(slots=True)
class _Book:
    """The free times of one claim, in microseconds since 1970."""

    free: dict[str, int]
    now: int

    def opens(self, departure: Departure, limit: Limit) -> tuple[int, int]:
        """When the channel has a slot for this, and when its chat has one."""
        ahead = _micro((limit.burst - 1) * limit.interval) if limit.rate else 0
        channel = self.free.get(_channel(departure), 0) - ahead if limit.rate else 0
        return channel, self.free.get(_chat(departure), 0) if limit.chat_rate else 0

    def enter(self, departure: Departure, limit: Limit) -> None:
        if limit.rate:
            self._grow(_channel(departure), limit.interval)
        if limit.chat_rate:
            self._grow(_chat(departure), 1 / limit.chat_rate)

    def _grow(self, name: str, seconds: float) -> None:
        self.free[name] = max(self.free.get(name, 0), self.now) + _micro(seconds)


class Slots:
    """Keeps `bot.ports.Slots`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def take(self, departures: Sequence[Departure], limits: Mapping[str, Limit], now: datetime) -> Admitted:
        limited = [departure for departure in departures if _channel(departure) in limits]
        if not limited:
            return Admitted(departures=tuple(departures))
        book = await self._book(limited, limits, now)
        before, late, closed = dict(book.free), dict[int, int](), dict[str, int]()
        for departure in limited:
            limit = limits[_channel(departure)]
            channel, chat = book.opens(departure, limit)
            if max(channel, chat) <= book.now:
                book.enter(departure, limit)
                continue
            late[departure.id] = max(channel, chat)
            if channel > book.now:
                closed[_channel(departure)] = channel
        await self._write({name: free for name, free in book.free.items() if before.get(name) != free})
        await self._give_back([departure for departure in limited if departure.id in late], late)
        return Admitted(
            departures=tuple(departure for departure in departures if departure.id not in late),
            closed={name: _time(free) for name, free in closed.items()},
        )

    async def pause(self, channel: str, limit: Limit, until: datetime) -> None:
        free = _since(until) + (_micro((limit.burst - 1) * limit.interval) if limit.rate else 0)
        insert = self._tx.insert(slots).values(name=channel, free_at=free)
        later = insert.on_conflict_do_update(
            index_elements=[slots.c.name], set_={"free_at": free}, where=slots.c.free_at < free
        )
        await self._tx.execute(later)

    async def tidy(self, now: datetime) -> int:
        return await self._tx.changed(delete(slots).where(slots.c.free_at < _since(now), slots.c.name.contains("/")))

    async def _book(self, limited: Sequence[Departure], limits: Mapping[str, Limit], now: datetime) -> _Book:
        """Locked until the commit, always in the order of the names."""
        names = {_channel(departure) for departure in limited}
        names |= {_chat(departure) for departure in limited if limits[_channel(departure)].chat_rate}
        rows = await self._tx.execute(_FREE, {"names": sorted(names)})
        return _Book(free={row.name: row.free_at for row in rows}, now=_since(now))

    async def _write(self, free: Mapping[str, int]) -> None:
        if free:
            rows = [{"name": name, "free_at": free[name]} for name in sorted(free)]
            insert = self._tx.insert(slots)
            grown = insert.on_conflict_do_update(
                index_elements=[slots.c.name], set_={"free_at": insert.excluded.free_at}
            )
            await self._tx.execute(grown, rows)

    async def _give_back(self, departures: Sequence[Departure], late: Mapping[int, int]) -> None:
        if departures:
            rows = [{"row": d.id, "held": d.token, "free": _time(late[d.id])} for d in departures]
            await self._tx.execute(_GIVE_BACK, rows)


def _channel(departure: Departure) -> str:
    return departure.outbound.recipient.channel


def _chat(departure: Departure) -> str:
    return f"{_channel(departure)}/{departure.citizen}"


def _micro(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _since(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _time(micro: int) -> datetime:
    return _EPOCH + micro * _MICROSECOND
