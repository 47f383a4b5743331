import pytest

from channels.message import Contact
from store.database import Database
from store.seal import ForeignKey, Seal
from tests.store.samples import SECRET, StillClock

OTHER = "another-secret-for-tests-only-long-enough-too"


@pytest.mark.parametrize(
    ("secret", "right"),
    [(SECRET, True), (f"{OTHER},{SECRET}", True), (OTHER, False)],
    ids=["same", "new first", "other"],
)
async def test_a_database_written_with_another_key_is_refused_before_any_work(
    database: Database, database_url: str, clock: StillClock, secret: str, right: bool
) -> None:
    async with database.work() as work:
        await work.citizens.lanes([Contact(channel="sms", address="+15550001")])
        await work.commit()
    with_key = await Database.open(database_url, Seal(secret), clock=clock, durable=False)
    try:
        if right:
            await with_key.check_keys()
        else:
            with pytest.raises(ForeignKey, match="Put that key back"):
                await with_key.check_keys()
    finally:
        await with_key.close()


async def test_an_empty_database_takes_any_key(database: Database) -> None:
    await database.check_keys()
