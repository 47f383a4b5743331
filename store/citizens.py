"""Citizens and their open dialogues. A contact is found by its keyed hash, never by its value."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Row, func, select, update

from channels.message import Contact
from handlers.turn import Citizen, Dialogue
from store.codec import Codec
from store.seal import MARK
from store.tables import citizens, dialogues
from store.transaction import Transaction


class Citizens:
    """Keeps `bot.ports.Citizens`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, citizen: int) -> Citizen | None:
        row = (await self._tx.execute(select(citizens).where(citizens.c.id == citizen))).first()
        return citizen_of(row, self._tx.codec) if row else None

    async def find(self, contact: Contact) -> Citizen | None:
        hashes = self._hashes(contact)
        rows = (await self._tx.execute(select(citizens).where(citizens.c.contact_hash.in_(hashes)))).all()
        row = min(rows, key=lambda row: hashes.index(row.contact_hash), default=None)
        return citizen_of(row, self._tx.codec) if row else None

    async def save(self, citizen: Citizen) -> None:
        values = {"language": citizen.language, "chosen": citizen.chosen}
        values |= {"opted_out": citizen.opted_out, "welcomed": citizen.welcomed}
        await self._tx.execute(update(citizens).where(citizens.c.id == citizen.id).values(values))

    async def lanes(self, contacts: Iterable[Contact]) -> Mapping[Contact, int]:
        """The ids of these contacts, made where missing. They are locked until the commit, so that what is queued for a
        citizen is committed in the order of its ids; always in the same order, against deadlocks."""
        wanted = {contact: self._hashes(contact) for contact in contacts}
        found = await self._locked(wanted)
        missing = sorted((hashes[0], contact) for contact, hashes in wanted.items() if contact not in found)
        if not missing:
            return found
        insert = self._tx.insert(citizens).on_conflict_do_nothing(index_elements=[citizens.c.contact_hash])
        await self._tx.execute(insert, [self._row(contact, key) for key, contact in missing])
        return await self._locked(wanted)  # also those that another process has just made

    async def _locked(self, wanted: Mapping[Contact, Sequence[bytes]]) -> dict[Contact, int]:
        hashes = [key for keys in wanted.values() for key in keys]
        query = select(citizens.c.id, citizens.c.contact_hash).where(citizens.c.contact_hash.in_(hashes))
        locked = query.order_by(citizens.c.id).with_for_update(key_share=True)
        ids = {row.contact_hash: row.id for row in await self._tx.execute(locked)}
        known = ((contact, [ids[key] for key in keys if key in ids]) for contact, keys in wanted.items())
        return {contact: found[0] for contact, found in known if found}

    async def marks(self) -> set[bytes]:
        """The marks of all keys that contacts are sealed with."""
        used = select(func.substr(citizens.c.address, 1, MARK, type_=LargeBinary)).distinct()
        return {bytes(mark) for mark in (await self._tx.execute(used)).scalars()}

    def _row(self, contact: Contact, key: bytes) -> dict[str, Any]:
        return {
            "channel": contact.channel,
            "contact_hash": key,
            "address": self._tx.codec.pack(citizens.c.address, contact.address),
            "chosen": False,
            "opted_out": False,
            "welcomed": False,
            "since": self._tx.clock.now(),
        }

    def _hashes(self, contact: Contact) -> tuple[bytes, ...]:
        return self._tx.codec.seal.lookups("contact", contact.channel, contact.address)


class Dialogues:
    """Keeps `bot.ports.Dialogues`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def save(self, citizen: int, dialogue: Dialogue | None, now: datetime) -> None:
        if dialogue is None:
            await self._tx.execute(dialogues.delete().where(dialogues.c.citizen == citizen))
            return
        values = {"dialogue": self._tx.codec.pack(dialogues.c.dialogue, dialogue), "changed_at": now}
        insert = self._tx.insert(dialogues).values(citizen=citizen, **values)
        await self._tx.execute(insert.on_conflict_do_update(index_elements=[dialogues.c.citizen], set_=values))

    async def of(self, lanes: Iterable[int]) -> Mapping[int, tuple[Citizen, Dialogue | None]]:
        """These citizens with the dialogues they are in."""
        query = select(citizens, dialogues.c.dialogue).outerjoin(dialogues).where(citizens.c.id.in_(sorted(lanes)))
        rows = await self._tx.execute(query)
        return {row.id: (citizen_of(row, self._tx.codec), self._dialogue(row.dialogue)) for row in rows}

    def _dialogue(self, sealed: bytes | None) -> Dialogue | None:
        return self._tx.codec.unpack(dialogues.c.dialogue, sealed, Dialogue) if sealed else None


def citizen_of(row: Row[Any], codec: Codec) -> Citizen:
    """A row of `citizens` as a value."""
    address = codec.unpack(citizens.c.address, row.address, str)
    return Citizen(
        id=row.id,
        contact=Contact(channel=row.channel, address=address),
        language=row.language,
        chosen=row.chosen,
        opted_out=row.opted_out,
        welcomed=row.welcomed,
    )
