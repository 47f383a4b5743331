"""Pauses between log-ins."""

from datetime import timedelta

import pytest

from tests.web.world import NOW
from web.throttle import Throttle, keys_of


def test_pauses_double_and_end_at_five_minutes() -> None:
    throttle, now, pauses = Throttle(), NOW, []
    for _ in range(20):
        assert throttle.take([("login", "ana")], now) == 0
        pause = throttle.take([("login", "ana")], now)
        pauses.append(pause)
        now += timedelta(seconds=pause)
    assert pauses[:4] == [0, 0, 1, 2] or pauses[:3] == [0, 0, 0]
    assert pauses[-1] == 300


def test_tries_side_by_side_are_all_counted() -> None:
    throttle = Throttle()
    waits = [throttle.take([("login", "ana")], NOW) for _ in range(100)]
    assert waits.count(0) == 5


def test_after_an_hour_all_is_forgotten() -> None:
    throttle = Throttle()
    for _ in range(5):
        throttle.take([("login", "ana")], NOW)
    assert throttle.take([("login", "ana")], NOW) == 1
    later = NOW + timedelta(hours=2)
    assert [throttle.take([("login", "ana")], later) for _ in range(5)] == [0] * 5


def test_one_address_that_tries_many_logins_waits_too() -> None:
    throttle = Throttle()
    waits = [throttle.take(keys_of(f"clerk{n}", "192.0.2.7"), NOW) for n in range(25)]
    assert waits.count(0) == 20


def test_memory_is_bounded() -> None:
    throttle = Throttle()
    for n in range(10_050):
        throttle.take([("login", str(n))], NOW)
    assert len(throttle._tallies) == 10_000


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        (None, None),
        ("unix:", None),
    ],
)
def test_who_owns_a_whole_network_counts_once(address: str | None, key: str | None) -> None:
    assert dict(keys_of("ana", address)).get("address") == key
