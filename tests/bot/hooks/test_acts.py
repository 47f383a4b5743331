"""What clerks do to a subscription, on both databases."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from ipaddress import ip_address

import pytest

from bot.hooks.acts import NoHook, TooMany, Wanted
from bot.hooks.target import Refused
from bot.hooks.worker import forget
from bot.ports.hooks import State
from tests.bot.hooks.receiver import verified
from tests.bot.hooks.tower import Tower, filed
from tests.store.samples import NOON
from tickets.happening import Happening
from tickets.model import Status


async def test_it_is_told_again_from_an_event_on(tower: Tower) -> None:
    await tower.subscribe()
    [one, two] = await filed(tower, "AAA-001", "AAA-002")
    tower.clock.forward(60)
    closed = await tower.moved(one, Status.RESOLVED)
    tower.clock.forward(60)
    await tower.moved(two, Status.TRIAGED)
    await tower.settle()
    tower.there.taken.clear()
    since = await tower.acts.happened(f"{closed.number}.{closed.version}")
    assert since
    await tower.acts.replay(tower.hook, since, "ada")
    await tower.settle()
    assert sorted(tower.there.order()) == [("AAA-001.2", "ticket.closed"), ("AAA-002.2", "ticket.updated")]
    assert (await tower.state()).replaying is None
    for unknown in ("AAA-001.9", "ZZZ-999.1", "", ".", "x.y"):
        assert await tower.acts.happened(unknown) is None


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(tower: Tower) -> None:
    await tower.subscribe()
    fresh, until = await tower.acts.rotate(tower.hook, "ada")
    assert until == NOON + timedelta(hours=24)
    await filed(tower, "AAA-001")
    await tower.settle()
    tower.clock.forward(86_400)
    await filed(tower, "AAA-002")
    await tower.settle()
    (first, body), (second, more) = tower.there.seen
    assert [verified(first, body, key) for key in (tower.secret, fresh)] == [True, True]
    assert [verified(second, more, key) for key in (tower.secret, fresh)] == [False, True]


async def test_each_act_stands_in_the_audit_without_address_or_secret(tower: Tower) -> None:
    await tower.subscribe()
    assert (await tower.acts.ping(tower.hook, "ada")).status == 204
    await tower.acts.turn(tower.hook, State.PAUSED, "ada")
    await tower.acts.rotate(tower.hook, "ada")
    await tower.acts.replay(tower.hook, NOON, "ada")
    await tower.acts.again(tower.hook, "ada")
    await tower.acts.remove(tower.hook, "ada")
    async with tower.database.view() as view:
        entries = (await view.audit.page(0, 50)).rows
    assert [one.deed for one in reversed(entries)] == ["hook_added", *["hook_changed"] * 5, "hook_removed"]
    assert all(one.login == "ada" and one.subject == f"hook {tower.hook}" for one in entries)
    said = "".join(one.detail for one in entries)
    assert tower.secret not in said
    assert "127.0.0.1" not in said
    ping = tower.there.taken[0]
    assert (ping["type"], ping["data"]) == ("ping", {})


async def test_who_is_not_there_can_do_nothing(tower: Tower) -> None:
    acts: Sequence[Callable[[], object]] = (
        lambda: tower.acts.turn(9, State.ON, "a"), lambda: tower.acts.rotate(9, "a"), lambda: tower.acts.ping(9, "a"),
        lambda: tower.acts.replay(9, NOON, "a"), lambda: tower.acts.again(9, "a"), lambda: tower.acts.remove(9, "a"),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NoHook):
            await act()  # type: ignore[misc]
    async with tower.database.view() as view:
        assert (await view.audit.page(0, 50)).rows == ()


async def test_an_address_inside_is_not_taken_and_fifty_are_enough(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused):
        await tower.acts.add(Wanted(name="x", url="https://10.0.0.1/"), "ada")
    monkeypatch.setattr("bot.hooks.acts.MOST", 1)
    await tower.subscribe()
    with pytest.raises(TooMany):
        await tower.subscribe()
    assert ip_address("10.0.0.1").is_private


async def test_what_has_waited_for_a_month_is_forgotten(tower: Tower) -> None:
    await tower.subscribe(happenings=(Happening.FILED,))
    await tower.acts.turn(tower.hook, State.PAUSED, "ada")
    await filed(tower, "AAA-001")
    async with tower.database.work() as work:
        assert await forget(work, NOON + timedelta(days=29), 0) is None
        await work.commit()
    assert await tower.waiting() == (1, 0)
    async with tower.database.work() as work:
        await forget(work, NOON + timedelta(days=31), 0)
        await work.commit()
    assert await tower.waiting() == (0, 0)
