"""In which areas enough tickets of a sensitive service stand for their places to be told."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, exists, literal, select, union_all

from store.statement import Statement, listed
from store.tables import tickets
from store.transaction import Transaction
from tickets.blurring import Blurring
from tickets.city import City

Pair = tuple[str, str]  # a service and an area, by their codes
_KEPT = timedelta(minutes=1)  # tickets leave a crowd only when they are corrected, or forgotten
_AT_ONCE = 64  # pairs of one statement
_T = tickets.c


class Sight:
    """What a store remembers between units of work, to tell places: which pairs are crowded, for a minute, and what it
    worked out of the city's map. Of pairs that are not crowded it asks again each time."""

    def __init__(self) -> None:
        self._crowded: dict[tuple[str, str, int], datetime] = {}  # until when it is believed
        self._blurring: Blurring | None = None

    def blurring(self, city: City) -> Blurring:
        """That of this city; a city whose settings changed is another value."""
        if self._blurring is None or self._blurring.city is not city:
            self._blurring = Blurring(city)
        return self._blurring

    async def crowded(self, tx: Transaction, pairs: Collection[Pair], few: int) -> frozenset[Pair]:
        """Those of these pairs of which there are at least `few` tickets, open and closed."""
        now = tx.clock.now()
        known = {pair for pair in pairs if self._crowded.get((*pair, few), now) > now}
        found = {pair async for pair in _found(tx, sorted(set(pairs) - known), few)}
        self._crowded |= {(*pair, few): now + _KEPT for pair in found}
        return frozenset(known | found)


def pairs(city: City, areas: Collection[str] | None = None) -> Iterator[Pair]:
    """Of the city's sensitive services with its areas (None: with all of them)."""
    for service in city.openness.guarded:
        yield from ((service, area.code) for area in city.areas if areas is None or area.code in areas)


async def _found(tx: Transaction, wanted: Sequence[Pair], few: int) -> Any:
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        services, size = listed("service", [service for service, _ in some])
        areas, _ = listed("area", [area for _, area in some])
        for row in await tx.run(_CROWDED, {**services, **areas, "before_": max(0, few - 1)}, size):
            yield row.service, row.area


def _crowds(_insert: Any, size: int) -> Any:
    """Each pair is looked up by itself, no further than to the last ticket that it needs."""
    return union_all(*(_crowd(n) for n in range(size)))


def _crowd(n: int) -> Any:
    service, area = (bindparam(f"{name}{n}_", type_=_T[name].type) for name in ("service", "area"))
    there = select(literal(1)).where(_T.service == service, _T.area == area)
    enough = exists(there.offset(bindparam("before_", type_=Integer())).limit(1))
    return select(service.label("service"), area.label("area")).where(enough)


_CROWDED = Statement(_crowds)
