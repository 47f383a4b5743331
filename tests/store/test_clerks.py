"""Accounts, log-ins, and what opens once."""

from dataclasses import replace
from datetime import timedelta

from bot.ports import Clerk, Pass, Session
from bot.ports.audit import Deed, Entry
from channels.message import Contact
from store.database import Database
from tests.store.samples import StillClock

PHONE = Contact(channel="sms", address="+15550100142")
ANA = Clerk(login="ana", name="Ana", language="es", password="x", second="SECRET")


async def _add(database: Database, *clerks: Clerk) -> None:
    async with database.work() as work:
        for clerk in clerks:
            await work.clerks.add(clerk)
        await work.commit()


async def test_an_invitation_opens_once_and_until_its_time(database: Database, clock: StillClock) -> None:
    await _add(database, ANA)
    now = clock.now()
    async with database.work() as work:
        await work.clerks.issue("ana", Pass.INVITATION, ["first"], now + timedelta(days=1))
        await work.clerks.issue("ana", Pass.INVITATION, ["second"], now + timedelta(days=1))
        assert await work.clerks.bearer(Pass.INVITATION, "first", now) is None
        assert await work.clerks.bearer(Pass.INVITATION, "second", now) == "ana"
        assert await work.clerks.bearer(Pass.RECOVERY, "second", now) is None
        assert await work.clerks.use(Pass.INVITATION, "second", now + timedelta(days=1)) is None
        assert await work.clerks.use(Pass.INVITATION, "second", now) == "ana"
        assert await work.clerks.use(Pass.INVITATION, "second", now) is None
        await work.commit()


async def test_recovery_codes_are_counted(database: Database, clock: StillClock) -> None:
    await _add(database, ANA)
    async with database.work() as work:
        await work.clerks.issue("ana", Pass.RECOVERY, ["a", "b", "c"])
        assert await work.clerks.use(Pass.RECOVERY, "b", clock.now()) == "ana"
        assert await work.clerks.left("ana", Pass.RECOVERY) == 2
        await work.commit()


async def test_where_a_clerk_is_told_is_kept_and_goes(database: Database) -> None:
    await _add(database, replace(ANA, reach=PHONE))
    async with database.work() as work:
        assert [one.reach for one in await work.clerks.hold()] == [PHONE]
        await work.clerks.change(ANA)
        assert [one.reach for one in await work.clerks.all()] == [None]
        await work.commit()


async def test_a_code_of_the_second_factor_is_taken_once(database: Database) -> None:
    await _add(database, ANA)
    async with database.work() as work:
        assert [await work.clerks.take_code("ana", step) for step in (7, 7, 6, 8)] == [True, False, False, True]
        await work.commit()


async def test_accounts_are_changed_as_a_whole_and_an_ended_one_comes_in_no_more(
    database: Database, clock: StillClock
) -> None:
    await _add(database, ANA, replace(ANA, login="bob", second=None))
    async with database.work() as work:
        held = await work.clerks.hold()
        assert [one.login for one in held] == ["ana", "bob"]
        assert held[0].second == "SECRET"
        await work.clerks.change(replace(held[1], ended_at=clock.now()))
        await work.commit()
    async with database.view() as view:
        assert await view.clerks.get("bob") is None
        assert [one.login for one in await view.clerks.all()] == ["ana", "bob"]


async def test_a_clerk_ends_their_other_sessions(database: Database, clock: StillClock) -> None:
    await _add(database, ANA)
    until = clock.now() + timedelta(hours=1)
    async with database.work() as work:
        for token in ("one", "two", "three"):
            await work.clerks.open_session(Session(token=token, login="ana", csrf="c", expires_at=until))
        listed = await work.clerks.sessions("ana", clock.now())
        assert len(listed) == 3
        assert not await work.clerks.end_session("bob", listed[0].key)
        assert not await work.clerks.end_session("ana", "no hash")
        assert await work.clerks.end_sessions("ana", but="two") == 2
        assert await work.clerks.session("two", clock.now()) is not None
        await work.commit()


async def test_the_audit_is_read_by_pages_newest_first(database: Database, clock: StillClock) -> None:
    async with database.work() as work:
        for n in range(5):
            deed = Deed.EXPORTED if n % 2 else Deed.LOGGED_IN
            await work.audit.note(Entry(at=clock.now(), login=f"c{n % 2}", deed=deed, subject=str(n), detail="é"))
        await work.commit()
    async with database.view() as view:
        page = await view.audit.page(0, 2, login="c0")
        assert ([one.subject for one in page.rows], page.total) == (["4", "2"], 3)
        assert (await view.audit.page(0, 9, deed=Deed.EXPORTED)).total == 2
        assert page.rows[0].detail == "é"
