"""Contacts that their provider refuses for good, until the citizen writes to us again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import update

from channels.reason import LASTING, OPT_OUTS
from handlers.turn import Citizen, Dialogue
from store.tables import citizens
from store.transaction import Transaction

People = Mapping[int, tuple[Citizen, Dialogue | None]]


class Refusals:
    """Keeps `bot.ports.Refusals`. Who blocked us or unsubscribed counts as opted out; who said STOP to us already did
    so by their own words, which only their own words undo."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def record(self, citizen: int, reason: str) -> None:
        if reason in LASTING:
            refused = update(citizens).where(citizens.c.id == citizen, ~citizens.c.opted_out)
            await self._tx.execute(refused.values(refused=reason, opted_out=reason in OPT_OUTS))

    async def forget(self, citizen: int) -> None:
        opt_out = update(citizens).where(citizens.c.id == citizen, citizens.c.refused.in_(OPT_OUTS))
        await self._tx.execute(opt_out.values(refused=None, opted_out=False))
        await self._forget([citizen])

    async def heard(self, people: People) -> People:
        """These have written: what was refused is forgotten. No statement where nothing was."""
        back = {lane: _back(citizen) for lane, (citizen, _) in people.items() if citizen.refused}
        if not back:
            return people
        await self._forget(lane for lane, citizen in back.items() if citizen.opted_out)
        await self._forget((lane for lane, citizen in back.items() if not citizen.opted_out), opted_out=False)
        return {lane: (back.get(lane, citizen), dialogue) for lane, (citizen, dialogue) in people.items()}

    async def _forget(self, lanes: Iterable[int], **values: Any) -> None:
        ids = sorted(lanes)
        if ids:
            await self._tx.execute(update(citizens).where(citizens.c.id.in_(ids)).values(refused=None, **values))


def _back(citizen: Citizen) -> Citizen:
    return replace(citizen, refused=None, opted_out=citizen.opted_out and citizen.refused not in OPT_OUTS)
