"""What subscribers are to be told, written with the update that it is of: nothing is lost, and nothing is told that did
not happen."""

from sqlalchemy import select

from store.statement import Statement, many
from store.tables import hook_events, hooks
from store.transaction import Transaction
from tickets.happening import happening
from tickets.model import Field, Ticket, Update

GONE = "gone"  # bot.ports.hooks.State: it is told nothing any more
_COLUMNS = ("hook", "number", "version", "happening", "at", "queued_at", "due", "attempts", "status", "trouble")
_WANTING = Statement(  # mostly none: then this look is all that an update costs
    lambda _insert: select(hooks.c.id, hooks.c.services, hooks.c.happenings).where(hooks.c.state != GONE)
)
_UNIQUE = [hook_events.c.hook, hook_events.c.number, hook_events.c.version]
_QUEUE = many(_COLUMNS, lambda insert: insert.on_conflict_do_nothing(index_elements=_UNIQUE), hook_events)


class Hooked:
    """Appends to `hook_events` in somebody's transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def note(self, ticket: Ticket, update: Update) -> None:
        """For each subscriber that wants such an update of this service; who wanted the service that it was before is
        told that it is no more."""
        what = happening(update)
        wanting = await self._tx.run(_WANTING, {}) if what is not None else ()
        if not wanting:
            return
        moved, now = update.change(Field.SERVICE), self._tx.clock.now()
        services = (ticket.service, moved.old) if moved else (ticket.service,)
        event = {
            "number": update.number, "version": update.version, "happening": what, "at": update.at, "queued_at": now,
            "due": now, "attempts": 0, "status": 0, "trouble": "",
        }  # fmt: skip
        rows = [
            event | {"hook": one.id}
            for one in wanting
            if has(one.services, *services) and has(one.happenings, str(what))
        ]  # fmt: skip
        if rows:
            await self._tx.put(_QUEUE, rows)
            self._tx.filled.add(hook_events.name)


def has(listed: str, *codes: str) -> bool:
    """Whether a filter lets one of these through; an empty one lets through everything."""
    return not listed or any(f",{code}," in listed for code in codes)
