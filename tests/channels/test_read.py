"""What each channel makes of what its provider sends: one row per file in fixtures/."""

import json

import pytest

from channels.message import Inbound, Receipt
from tests.channels.world import NOW, Json, fixtures, flat, from_telegram, from_twilio, opened


def _compare(found: list[Inbound | Receipt], expected: Json | None) -> None:
    if expected is None:
        assert found == []
        return
    (item,) = found
    assert {name: flat(item)[name] for name in expected} == expected


def _rows(channel: str) -> list[object]:
    return [pytest.param(fixture, id=what) for what, fixture in fixtures(channel).items()]


@pytest.mark.parametrize("fixture", _rows("telegram"))
def test_telegram_update_is_read(fixture: Json) -> None:
    found = opened("telegram").read(from_telegram(json.dumps(fixture["update"]).encode()))
    _compare(list(found), fixture["expect"])


@pytest.mark.parametrize("fixture", _rows("sms"))
def test_sms_webhook_is_read(fixture: Json) -> None:
    found = opened("sms").read(from_twilio(fixture["url"], fixture["form"]))
    _compare(list(found), fixture["expect"])


@pytest.mark.parametrize("fixture", _rows("whatsapp"))
def test_whatsapp_webhook_is_read(fixture: Json) -> None:
    found = opened("whatsapp").read(from_twilio(fixture["url"], fixture["form"]))
    _compare(list(found), fixture["expect"])


@pytest.mark.parametrize("channel", ["telegram", "sms", "whatsapp"])
def test_message_is_dated_when_it_came_and_names_its_channel(channel: str) -> None:
    fixture = fixtures(channel)["text"]
    body = json.dumps(fixture.get("update")).encode()
    webhook = from_telegram(body) if channel == "telegram" else from_twilio(fixture["url"], fixture["form"])
    (message,) = opened(channel).read(webhook)
    assert isinstance(message, Inbound)
    assert (message.received_at, message.sender.channel) == (NOW, channel)


def test_same_update_has_the_same_id_and_another_edit_another() -> None:
    fixture = fixtures("telegram")["edited"]["update"]
    again, later = [
        [item.external_id for item in opened("telegram").read(from_telegram(json.dumps(update).encode()))]
        for update in (fixture, fixture | {"update_id": 8})
    ]
    assert again == ["e55:3:7"]
    assert later == ["e55:3:8"]


def test_nothing_a_citizen_wrote_stands_in_a_repr() -> None:
    fixture = fixtures("sms")["picture"]
    (message,) = opened("sms").read(from_twilio(fixture["url"], fixture["form"]))
    assert isinstance(message, Inbound)
    for hidden in ("bache", "+5255", "Media/ME1"):
        assert hidden not in repr(message)
