"""What a copy that is put back does to people who were erased or forgotten: those who asked for it are nobody again,
whatever key the copy was made with; whoever came afterwards, and whatever a rule of retention left, is untouched."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from bot import rights
from bot.commands.restore import put_back
from bot.commands.rotating import anew
from bot.config import Config
from channels.message import Contact
from store.apart import purge
from store.codec import encode
from store.database import Database
from store.erasures import NAME, Erasures
from store.files import Files
from store.seal import Seal
from store.tables import inbox
from tests.bot.test_backup import configured, copied
from tests.bot.test_commands import DEMO, LIVE, loaded
from tests.store.everything import opened
from tests.store.samples import ANA, BEA, SECRET, StillClock, citizen, file, inbound, ticket
from tests.store.test_retention import LATER, WORD, carried, lived, rule
from tests.town import CITY
from tickets.model import Event
from tickets.retention import Duty

NEW = "n" * 40
BOTH = f"{NEW},{SECRET}"
NUMBER = "7K3-9QX"


def log_of(config: Config) -> Erasures:
    return Erasures(config.settings.var / "files" / NAME)


async def working(config: Config, clock: StillClock, secret: str = SECRET) -> Database:
    """As `bot.app` opens it: it notes who is erased."""
    url = config.settings.database_url
    return await Database.open(url, Seal(secret), clock=clock, durable=False, erasures=log_of(config))


async def erased(store: Database, clock: StillClock, *, takes: float = 0.0) -> None:
    """ANA; `takes` so many seconds, half of them before anything is written."""
    async with store.work() as work:
        ana = await work.citizens.find(ANA)
        assert ana
        began = clock.now()
        clock.forward(takes / 2)
        await rights.erase(work, ana, CITY, began)
        clock.forward(takes / 2)
        await work.commit()


async def answered(store: Database) -> None:
    """As a week after the answers: no message is kept."""
    async with store.work() as work:
        await work._tx.execute(delete(inbox))
        await work.commit()


@pytest.mark.parametrize("secret", [SECRET, BOTH, NEW], ids=["old", "both", "new"])
async def test_who_was_erased_under_the_new_key_alone_stays_erased_when_a_copy_of_the_old_key_is_put_back_with_both(
    tmp_path: Path, database_url: str, clock: StillClock, secret: str
) -> None:
    config = await configured(tmp_path, database_url)
    store = await working(config, clock)
    await file(store, ticket(NUMBER, await citizen(store), description=f"soy {WORD}"))
    await citizen(store, BEA)
    await store.close()
    copy = await copied(config, tmp_path)
    if secret != SECRET:
        store = await working(config, clock, BOTH)
        await anew(store, Files(tmp_path / "photos", Seal(BOTH)))
        await store.close()
    clock.forward(60)
    store = await working(config, clock, secret)
    await erased(store, clock)
    await store.close()
    both = await loaded(tmp_path, (DEMO, LIVE), VECINO_DATABASE_URL=database_url, VECINO_SECRET_KEY=BOTH)
    await put_back(both, copy, yes=True, clock=clock)
    everything = b"\n".join((await opened(database_url, Seal(BOTH))).values())
    assert ANA.address.encode() not in everything
    assert WORD.encode() not in everything
    assert BEA.address.encode() in everything


async def test_a_report_that_was_anonymised_by_rule_after_the_copy_keeps_its_words_when_the_copy_is_put_back(
    tmp_path: Path, database_url: str, clock: StillClock
) -> None:
    config = await configured(tmp_path, database_url)
    store = await working(config, clock)
    await lived(store, NUMBER)
    await answered(store)
    copy = await copied(config, tmp_path)
    clock.time = LATER
    await carried(store, rule(Duty.ANONYMISE_REPORTER))
    await store.close()
    assert log_of(config).all() == []
    await put_back(config, copy, yes=True, clock=clock)
    store = await working(config, clock)
    await answered(store)
    assert await carried(store, rule(Duty.ANONYMISE_REPORTER)) == 1  # that night
    async with store.view() as view:
        one, ana = await view.tickets.get(NUMBER), await view.citizens.find(ANA)
    await store.close()
    assert one
    assert (one.description, one.place.words, ana) == (f"soy {WORD}", f"casa de {WORD}", None)


async def test_what_the_spool_set_apart_of_whom_a_rule_forgot_goes_too(
    tmp_path: Path, database_url: str, clock: StillClock
) -> None:
    config, spool, seal = await configured(tmp_path, database_url), tmp_path / "spool", Seal(SECRET)
    spool.mkdir()
    for name, sender in (("1-a.refused", ANA), ("2-a.refused", Contact(channel="sms", address="+525500000009"))):
        (spool / name).write_bytes(seal.seal(encode([inbound("lost", sender)]), "spool"))
    store = await working(config, clock)
    await lived(store, NUMBER)
    await answered(store)
    await carried(store, rule(Duty.ANONYMISE_REPORTER))
    await store.close()
    assert purge(spool, seal, log_of(config)) == 1
    assert [one.name for one in spool.iterdir()] == ["2-a.refused"]


@pytest.mark.parametrize("takes", [0.0, 0.2])
async def test_who_had_a_message_waiting_when_they_were_erased_and_reported_afterwards_keeps_that_report(
    tmp_path: Path, database_url: str, clock: StillClock, takes: float
) -> None:
    config = await configured(tmp_path, database_url)
    store = await working(config, clock)
    await file(store, ticket("8K3-9QX", await citizen(store), description=f"soy {WORD}"))
    before = await copied(config, tmp_path / "before")  # a name tells seconds
    clock.forward(1)
    await erased(store, clock, takes=takes)
    clock.forward(60)
    async with store.view() as view:
        newcomer = await view.citizens.find(ANA)
    assert newcomer
    await file(store, ticket(NUMBER, newcomer.id, description="un bache nuevo"))
    after = await copied(config, tmp_path / "after")
    await store.close()
    clock.forward(60)
    await put_back(config, after, yes=True, clock=clock)
    tables = await opened(database_url, Seal(SECRET))
    assert ANA.address.encode() in tables["citizens"]
    assert b"un bache nuevo" in tables["tickets"]
    await put_back(config, before, yes=True, clock=clock)  # and one from before knows of no newcomer
    everything = b"\n".join((await opened(database_url, Seal(SECRET))).values())
    assert ANA.address.encode() not in everything
    assert WORD.encode() not in everything


async def test_who_was_erased_in_the_instant_in_which_they_came_is_erased_in_what_is_put_back(
    tmp_path: Path, database_url: str, clock: StillClock
) -> None:
    config = await configured(tmp_path, database_url)
    store = await working(config, clock)
    await citizen(store)
    copy = await copied(config, tmp_path)
    clock.forward(-1)  # by the clock of another machine
    await erased(store, clock)
    await store.close()
    await put_back(config, copy, yes=True, clock=clock)
    assert ANA.address.encode() not in (await opened(database_url, Seal(SECRET)))["citizens"]


async def test_one_number_on_two_channels_is_erased_again_once(
    tmp_path: Path, database_url: str, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    config = await configured(tmp_path, database_url)
    store = await working(config, clock)
    await citizen(store)
    twin = await citizen(store, Contact(channel="whatsapp", address=ANA.address))
    await file(store, ticket(NUMBER, twin, description=f"soy {WORD}"))
    copy = await copied(config, tmp_path)
    await erased(store, clock)
    await store.close()
    await put_back(config, copy, yes=True, clock=clock)
    assert "1 people had their data erased" in capsys.readouterr().out
    store = await working(config, clock)
    async with store.view() as view:
        events = [one.event for one in await view.tickets.history(NUMBER)]
    await store.close()
    assert events.count(Event.ERASED) == 1
