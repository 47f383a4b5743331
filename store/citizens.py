"""Citizens and their open dialogues. A contact is found by its keyed hash, never by its value."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, bindparam, func, select, update

from channels.message import Contact
from handlers.turn import Citizen, Dialogue
from store.codec import UNOPENED, Codec
from store.seal import MARK
from store.silenced import Silenced
from store.statement import Statement, listed, many, places
from store.tables import citizens, dialogues, inbox
from store.transaction import Transaction

SILENT = citizens.c.opted_out & citizens.c.refused.is_(None)  # what refused contacts miss, a clerk is to see
_KNOWN = ("language", "chosen", "welcomed", "consent")
_SAVED = (*_KNOWN, "opted_out")
_GET = Statement(lambda _insert: select(citizens).where(citizens.c.id == bindparam("id_")))
_SAVE = Statement(
    lambda _insert, *names: (
        update(citizens)
        .where(citizens.c.id == bindparam("id_"))
        .values({name: bindparam(f"{name}_") for name in names})
    )
)
_LOCKED = Statement(
    lambda _insert, size: (
        select(citizens.c.id, citizens.c.contact_hash)
        .where(citizens.c.contact_hash.in_(places("hash", size)))
        .order_by(citizens.c.id)
        .with_for_update(key_share=True)
    )
)
_MEET = many(
    ("channel", "contact_hash", "address", "chosen", "opted_out", "welcomed", "since"),
    lambda insert: insert.on_conflict_do_nothing(index_elements=[citizens.c.contact_hash]).returning(
        citizens.c.id, citizens.c.contact_hash
    ),
    citizens,
)
_WHO = Statement(
    lambda _insert, size: (
        select(citizens, dialogues.c.dialogue).outerjoin(dialogues).where(citizens.c.id.in_(places("id", size)))
    )
)
_TALK = many(
    ("citizen", "dialogue", "changed_at"),
    lambda insert: insert.on_conflict_do_update(
        index_elements=[dialogues.c.citizen],
        set_={"dialogue": insert.excluded.dialogue, "changed_at": insert.excluded.changed_at},
    ),
    dialogues,
)
_LOCK = Statement(
    lambda _insert, size: (
        select(citizens.c.id, SILENT.label("silent"))
        .where(citizens.c.id.in_(places("id", size)))
        .order_by(citizens.c.id)
        .with_for_update(key_share=True)
    )
)
_WAITING = Statement(
    lambda _insert, size: (
        select(inbox.c.lane).where(inbox.c.done_at.is_(None), inbox.c.lane.in_(places("id", size))).distinct()
    )
)
_LEFT = Statement(
    lambda _insert: (
        select(citizens, dialogues.c.dialogue)
        .select_from(dialogues.join(citizens))
        .where(
            dialogues.c.changed_at.between(bindparam("since_"), bindparam("before_")),
            dialogues.c.citizen > bindparam("after_"),
            citizens.c.opted_out.is_(False),
            citizens.c.refused.is_(None),
            citizens.c.thread.is_(None),
        )
        .order_by(dialogues.c.citizen)
        .limit(bindparam("limit_", type_=Integer()))
    )
)
_END = Statement(lambda _insert: dialogues.delete().where(dialogues.c.citizen == bindparam("citizen_")))


class Citizens:
    """Keeps `bot.ports.Citizens`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, citizen: int) -> Citizen | None:
        """None too for one who is sealed with a key that is lost: nobody can write to them."""
        for row in await self._tx.run(_GET, {"id_": citizen}):
            with suppress(*UNOPENED):
                return citizen_of(row, self._tx.codec)
        return None

    async def find(self, contact: Contact) -> Citizen | None:
        """None too for one who is sealed with a key that is lost, as `get`."""
        hashes = self._hashes(contact)
        rows = (await self._tx.execute(select(citizens).where(citizens.c.contact_hash.in_(hashes)))).all()
        row = min(rows, key=lambda row: hashes.index(row.contact_hash), default=None)
        with suppress(*UNOPENED):
            return citizen_of(row, self._tx.codec) if row else None
        return None

    async def save(self, citizen: Citizen) -> None:
        self._tx.silent.pop(citizen.id, None)
        await self._write(citizen, _SAVED)

    async def remember(self, citizen: Citizen) -> None:
        await self._write(citizen, _KNOWN)

    async def lanes(self, contacts: Iterable[Contact]) -> Mapping[Contact, int]:
        """The ids of these contacts, made where missing. They are locked until the commit, so that what is queued for a
        citizen is committed in the order of its ids; always in the same order, against deadlocks."""
        wanted = {contact: self._hashes(contact) for contact in contacts}
        found = await self._locked(wanted)
        missing = sorted((hashes[0], contact) for contact, hashes in wanted.items() if contact not in found)
        if not missing:
            return found
        stopped = await Silenced(self._tx).among(key for _, contact in missing for key in wanted[contact])
        rows = [self._row(contact, key, stopped=not stopped.isdisjoint(wanted[contact])) for key, contact in missing]
        made = await self._tx.put(_MEET, rows)
        if len(made) < len(missing):
            return await self._locked(wanted)  # another process has just made some
        ids = {row.contact_hash: row.id for row in made}
        return found | {contact: ids[key] for key, contact in missing}

    def marks_of(self, contact: Contact) -> Sequence[str]:
        return [key.hex() for key in self._hashes(contact)]

    async def lock(self, citizens: Collection[int]) -> None:
        """Whether they opted out is known then."""
        if citizens:
            values, size = listed("id", sorted(citizens))
            self._tx.silent |= {row.id: row.silent for row in await self._tx.run(_LOCK, values, size)}

    async def _write(self, citizen: Citizen, names: Sequence[str]) -> None:
        values = {f"{name}_": getattr(citizen, name) for name in names}
        await self._tx.run(_SAVE, {"id_": citizen.id} | values, *names)

    async def _locked(self, wanted: Mapping[Contact, Sequence[bytes]]) -> dict[Contact, int]:
        values, size = listed("hash", [key for keys in wanted.values() for key in keys])
        ids = {row.contact_hash: row.id for row in await self._tx.run(_LOCKED, values, size)}
        known = ((contact, [ids[key] for key in keys if key in ids]) for contact, keys in wanted.items())
        return {contact: found[0] for contact, found in known if found}

    async def marks(self) -> set[bytes]:
        """The marks of all keys that contacts are sealed with."""
        used = select(func.substr(citizens.c.address, 1, MARK, type_=LargeBinary)).distinct()
        return {bytes(mark) for mark in (await self._tx.execute(used)).scalars()}

    def _row(self, contact: Contact, key: bytes, *, stopped: bool) -> dict[str, Any]:
        return {
            "channel": contact.channel,
            "contact_hash": key,
            "address": self._tx.codec.pack(citizens.c.address, contact.address),
            "chosen": False,
            "opted_out": stopped,
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
            await self._tx.run(_END, {"citizen_": citizen})
            return
        sealed = self._tx.codec.pack(dialogues.c.dialogue, dialogue)
        await self._tx.put(_TALK, [{"citizen": citizen, "dialogue": sealed, "changed_at": now}])

    async def of(self, lanes: Iterable[int]) -> Mapping[int, tuple[Citizen, Dialogue | None]]:
        """These citizens with the dialogues they are in; without those who are sealed with a key that is lost."""
        values, size = listed("id", sorted(lanes))
        found = {}
        for row in await self._tx.run(_WHO, values, size):
            with suppress(*UNOPENED):
                found[row.id] = citizen_of(row, self._tx.codec), self._dialogue(row.dialogue)
        return found

    async def left(
        self, since: datetime, before: datetime, after: int, limit: int
    ) -> Sequence[tuple[Citizen, Dialogue | None]]:
        found: list[tuple[Citizen, Dialogue | None]] = []
        full = True
        while full and not found:  # behind those that cannot be opened others wait
            values = {"since_": since, "before_": before, "after_": after, "limit_": limit}
            rows = await self._tx.run(_LEFT, values)
            for row in rows:
                with suppress(*UNOPENED):
                    dialogue = self._tx.codec.readable(dialogues.c.dialogue, row.dialogue, Dialogue)
                    found.append((citizen_of(row, self._tx.codec), dialogue))
            full = len(rows) == limit
            after = rows[-1].id if rows else after
        return found

    async def quiet(self, citizens: Collection[int]) -> Mapping[int, Dialogue | None]:
        """Locked as `Citizens.lanes` locks whoever writes, and in the same order: what was accepted before is seen."""
        if not citizens:
            return {}
        values, size = listed("id", sorted(citizens))
        await self._tx.run(_LOCK, values, size)
        waiting = {row.lane for row in await self._tx.run(_WAITING, values, size)}
        found = await self.of(set(citizens) - waiting) if set(citizens) - waiting else {}
        return {citizen: dialogue for citizen, (_, dialogue) in found.items()}

    def _dialogue(self, sealed: bytes | None) -> Dialogue | None:
        return self._tx.codec.unpack(dialogues.c.dialogue, sealed, Dialogue) if sealed else None


def citizen_of(row: Any, codec: Codec) -> Citizen:
    """A row of `citizens` as a value."""
    address = codec.unpack(citizens.c.address, row.address, str)
    return Citizen(
        id=row.id,
        contact=Contact(channel=row.channel, address=address),
        language=row.language,
        chosen=row.chosen,
        opted_out=row.opted_out,
        welcomed=row.welcomed,
        refused=row.refused,
        thread=row.thread,
        consent=row.consent,
    )
