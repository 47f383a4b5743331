"""Which versions of the privacy notice a citizen was told of, and when."""

from datetime import datetime

from sqlalchemy import bindparam

from store.statement import Statement
from store.tables import consents
from store.transaction import Transaction

_RECORD = Statement(
    lambda insert: (
        insert(consents)
        .values(citizen=bindparam("citizen_"), version=bindparam("version_"), at=bindparam("at_"))
        .on_conflict_do_nothing(index_elements=[consents.c.citizen, consents.c.version])
    )
)


class Consents:
    """Keeps `bot.ports.Consents`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def record(self, citizen: int, version: str, now: datetime) -> None:
        await self._tx.run(_RECORD, {"citizen_": citizen, "version_": version, "at_": now})
