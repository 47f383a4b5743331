"""Rates and ages as config.yml sets them, and whom a provider means by "slow down"."""

from datetime import timedelta

import pytest

import channels
from bot.delivery.limits import AGES, Pauses, TooOld, limit, too_old
from bot.ports import Departure, Kind, Limit
from channels import BadOption
from channels.message import Contact, Outbound
from tests.town import START


def departure(citizen: int, channel: str = "telegram", *, kind: Kind = Kind.REPLY) -> Departure:
    outbound = Outbound(key="k", recipient=Contact(channel=channel, address=str(citizen)), text="hola")
    return Departure(
        id=1, token="t", citizen=citizen, attempts=1, queued_at=START, outbound=outbound, kind=kind
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("telegram", Limit(rate=30, chat_rate=1)),
        ("sms", Limit(rate=1)),
        ("whatsapp", Limit(rate=80)),
        ("email", Limit(rate=5)),
    ],
)
def test_each_channel_keeps_to_what_its_provider_bears(name: str, limits: Limit) -> None:
    assert limit(name, channels.load(name).OPTIONS) == limits


def test_news_that_an_answer_behind_them_hurried_stay_news() -> None:
    news = departure(1, kind=Kind.NOTICE)
    assert not news.bulk
    assert not TooOld().is_past(news, START + timedelta(days=6))
    assert TooOld().is_past(news, START + timedelta(days=8))
    assert TooOld().is_past(departure(1), START + timedelta(days=6))


def test_every_kind_grows_old() -> None:
    assert set(AGES) == set(Kind)


def test_nought_or_nothing_is_no_limit() -> None:
    assert limit("sms", {"rate": "0"}) == limit("console", {}) == Limit()


@pytest.mark.parametrize("written", ["-1", "fast", "nan", "inf", "1e9", ""])
@pytest.mark.parametrize("name", ["rate", "chat_rate"])
def test_a_rate_that_is_none_is_refused_with_its_key(name: str, written: str) -> None:
    with pytest.raises(BadOption, match=f"channels.telegram.{name}: "):
        limit("telegram", {name: written})


def test_answers_grow_old_sooner_than_news() -> None:
    ages = too_old({"reply": 2})
    assert ages == TooOld(ages={**AGES, Kind.REPLY: timedelta(hours=2)})
    late = START + timedelta(hours=3)
    assert ages.is_past(departure(1), late)
    assert not ages.is_past(departure(1, kind=Kind.NOTICE), late)


@pytest.mark.parametrize("hours", [{"reply": 0}, {"reply": "2"}, {"other": 2}, {"notice": -1}, {"reply": True}, 24])
def test_an_age_that_is_none_is_refused(hours: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        too_old(hours)


def test_a_second_chat_that_is_told_to_wait_means_the_whole_channel() -> None:
    pauses, soon, later = Pauses(), START + timedelta(seconds=5), START + timedelta(seconds=60)
    assert not pauses.is_for_all(departure(1), START, soon)
    assert not pauses.is_for_all(departure(1), START, soon)  # the same one again
    assert not pauses.is_for_all(departure(2, "sms"), START, soon)
    assert pauses.is_for_all(departure(2), START, soon)
    assert not pauses.is_for_all(departure(3), later, later)  # those pauses are over
