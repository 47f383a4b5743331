import asyncio

import pytest
from sqlalchemy import text

from bot.ports import Arrival
from handlers.turn import Asked, Dialogue
from store.database import Database
from store.seal import Seal
from tests.store.samples import ANA, BEA, CLARA, NOON, SECRET, StillClock, accept, inbound

LEASE = 30.0


async def claim(database: Database, clock: StillClock, owner: str = "one", limit: int = 10) -> list[Arrival]:
    async with database.work() as work:
        arrivals = await work.inbox.claim(owner, clock.now(), LEASE, limit)
        await work.commit()
    return list(arrivals)


async def answer(database: Database, arrival: Arrival, clock: StillClock) -> bool:
    async with database.work() as work:
        done = await work.inbox.answered(arrival, clock.now())
        await work.commit()
    return done


def texts(arrivals: list[Arrival]) -> list[str]:
    return [arrival.inbound.text for arrival in arrivals]


async def test_same_message_twice_is_kept_once(database: Database, clock: StillClock) -> None:
    assert await accept(database, inbound("1"), inbound("2"), inbound("1")) == 2
    assert await accept(database, inbound("2"), inbound("3")) == 1
    assert await accept(database) == 0


async def test_the_same_id_on_another_channel_is_another_message(database: Database) -> None:
    assert await accept(database, inbound("1", ANA), inbound("1", CLARA)) == 2


async def test_a_message_that_was_answered_is_not_kept_again(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1"))
    [arrival] = await claim(database, clock)
    assert await answer(database, arrival, clock)
    assert await accept(database, inbound("1")) == 0
    assert await claim(database, clock) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite one transaction writes at a time
async def test_a_copy_that_comes_while_its_message_is_answered_waits_for_nobody_who_waits_for_it(
    database: Database, clock: StillClock
) -> None:
    """Whoever answers holds the message and wants its citizen, whoever accepts the copy holds the citizen."""
    await accept(database, inbound("1"))
    [arrival] = await claim(database, clock)
    async with database.work() as work:
        await work.inbox.accept([inbound("2")])  # of the same citizen
        answering = asyncio.create_task(answer(database, arrival, clock))
        while not await waiting(database):  # noqa: ASYNC110 - the database rings no bell for it
            await asyncio.sleep(0)
        assert await work.inbox.accept([inbound("1")]) == 0
        await work.commit()
    assert await answering


async def waiting(database: Database) -> bool:
    """Whether a transaction waits for another one."""
    async with database.view() as view:
        return bool((await view._tx.execute(text("SELECT 1 FROM pg_locks WHERE NOT granted"))).first())  # type: ignore[attr-defined]  # no port shows locks


async def test_a_claim_carries_the_message_the_citizen_and_the_dialogue(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1", text="sí"))
    [arrival] = await claim(database, clock)
    assert (arrival.inbound, arrival.attempts, arrival.accepted_at) == (inbound("1", text="sí"), 1, NOON)
    assert (arrival.citizen.contact, arrival.dialogue) == (ANA, None)
    dialogue = Dialogue(asked=Asked.CONFIRM, since=NOON, offered=("yes", "no"))
    async with database.work() as work:
        await work.dialogues.save(arrival.citizen.id, dialogue, NOON)
        await work.inbox.retry(arrival, NOON)
        await work.commit()
    [again] = await claim(database, clock)
    assert again.dialogue == dialogue


async def test_one_message_per_citizen_at_a_time_in_order(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1", text="a1"), inbound("2", BEA, "b1"), inbound("3", text="a2"))
    first = await claim(database, clock)
    assert texts(first) == ["a1", "b1"]
    assert await claim(database, clock, "two") == []
    await answer(database, first[0], clock)
    assert texts(await claim(database, clock, "two")) == ["a2"]


async def test_no_more_than_the_limit_are_claimed_oldest_first(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1", BEA, "b"), inbound("2", ANA, "a"), inbound("3", CLARA, "c"))
    assert texts(await claim(database, clock, limit=2)) == ["b", "a"]
    assert texts(await claim(database, clock, limit=2)) == ["c"]


async def test_a_row_put_off_holds_up_its_own_lane_only(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1", text="a1"), inbound("2", text="a2"))
    [arrival] = await claim(database, clock)
    async with database.work() as work:
        await work.inbox.retry(arrival, clock.forward(60))
        await work.commit()
    clock.time = NOON
    await accept(database, inbound("3", BEA, "b1"))
    assert texts(await claim(database, clock)) == ["b1"]
    clock.forward(60)
    again = await claim(database, clock)
    assert ("a1", 2) in [(arrival.inbound.text, arrival.attempts) for arrival in again]


async def test_waiting_is_no_attempt(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1"))
    [arrival] = await claim(database, clock)
    async with database.work() as work:
        await work.inbox.retry(arrival, NOON, counted=False)
        await work.commit()
    [again] = await claim(database, clock)
    assert again.attempts == 1


async def test_an_expired_lease_frees_the_lane_and_fences_the_former_holder(
    database: Database, clock: StillClock
) -> None:
    await accept(database, inbound("1"))
    [lost] = await claim(database, clock, "one")
    clock.forward(LEASE - 1)
    assert await claim(database, clock, "two") == []
    clock.forward(1)
    [held] = await claim(database, clock, "two")
    assert (held.attempts, held.token != lost.token) == (2, True)
    assert not await answer(database, lost, clock)
    assert await answer(database, held, clock)
    assert not await answer(database, held, clock)


async def test_who_overran_the_lease_may_still_answer_while_nobody_else_has_it(
    database: Database, clock: StillClock
) -> None:
    await accept(database, inbound("1"))
    [arrival] = await claim(database, clock)
    clock.forward(LEASE * 2)
    assert await answer(database, arrival, clock)


async def test_retry_and_set_aside_by_a_former_holder_change_nothing(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1"))
    [lost] = await claim(database, clock, "one")
    clock.forward(LEASE)
    [held] = await claim(database, clock, "two")
    async with database.work() as work:
        await work.inbox.retry(lost, NOON)
        assert not await work.inbox.set_aside(lost, clock.now(), "trouble")
        await work.commit()
    assert await answer(database, held, clock)


async def test_what_is_set_aside_waits_for_a_clerk_and_the_next_goes_on(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1", text="bad"), inbound("2", text="good"))
    [bad] = await claim(database, clock)
    async with database.work() as work:
        assert await work.inbox.set_aside(bad, clock.now(), "ValueError")
        await work.commit()
    assert texts(await claim(database, clock)) == ["good"]
    async with database.view() as view:
        [aside] = (await view.set_aside.page(0, 10)).rows
    assert (aside.channel, aside.reason, aside.text, aside.accepted_at) == ("sms", "ValueError", "bad", NOON)


async def test_a_restarted_process_frees_what_its_former_self_held(database: Database, clock: StillClock) -> None:
    await accept(database, inbound("1"), inbound("2", BEA), inbound("3", CLARA))
    await claim(database, clock, "one", limit=2)
    await claim(database, clock, "two")
    async with database.work() as work:
        assert await work.inbox.release("one") == 2
        await work.commit()
    freed = await claim(database, clock, "one")
    assert [arrival.attempts for arrival in freed] == [2, 2]  # still counted: it may be what killed the process


async def test_left_without_a_commit_nothing_was_done(database: Database, clock: StillClock) -> None:
    async with database.work() as work:
        await work.inbox.accept([inbound("1")])
    assert await claim(database, clock) == []


async def test_messages_of_a_new_citizen_from_all_sides_make_one_citizen(database: Database, clock: StillClock) -> None:
    await asyncio.gather(*(accept(database, inbound(str(n))) for n in range(8)))
    arrivals = await claim(database, clock)
    assert len(arrivals) == 1
    seen = set()
    while arrivals:
        seen |= {arrival.citizen.id for arrival in arrivals}
        await answer(database, arrivals[0], clock)
        arrivals = await claim(database, clock)
    assert len(seen) == 1


async def test_the_same_batch_from_all_sides_is_kept_once(database: Database) -> None:
    batch = [inbound(str(n), (ANA, BEA, CLARA)[n % 3]) for n in range(12)]
    kept = await asyncio.gather(*(accept(database, *batch[n:], *batch[:n]) for n in range(6)))
    assert sum(kept) == 12


async def test_a_message_known_under_an_older_key_is_not_kept_again(
    database: Database, database_url: str, clock: StillClock
) -> None:
    await accept(database, inbound("1"))
    rotated = await Database.open(database_url, Seal(f"{'n' * 40},{SECRET}"), clock=clock, durable=False)
    try:
        assert await accept(rotated, inbound("1"), inbound("2")) == 1
        async with rotated.view() as view:
            assert await view.citizens.find(ANA)
        assert len(await claim(rotated, clock)) == 1  # one citizen still
    finally:
        await rotated.close()


@pytest.mark.parametrize("text", ["", "\0", "🕳️" * 2000, "\u202eabc", "x" * 5000, "\ud83d"])
async def test_any_text_is_kept(database: Database, clock: StillClock, text: str) -> None:
    await accept(database, inbound("1\0\ud83d", text=text))
    [arrival] = await claim(database, clock)
    assert arrival.inbound.text == text.replace("\ud83d", "?")
