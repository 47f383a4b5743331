"""Photos that were sent together say so, whatever the provider calls it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from channels._telegram_update import inbound
from channels.message import Contact, Inbound, Media
from channels.whatsapp import _with_extras

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SIZE = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}


def telegram(**more: Any) -> Inbound | None:
    message = {
        "message_id": 3, "date": 1763793000, "chat": {"id": 55, "type": "private"}, "photo": [SIZE], **more,
    }  # fmt: skip
    return inbound(Update.de_json({"update_id": 7, "message": message}, None), NOW)


@pytest.mark.parametrize(
    ("more", "album"), [({"media_group_id": "13"}, "13"), ({}, None), ({"media_group_id": ""}, None)]
)
def test_telegram_names_the_album_of_a_photo(more: dict[str, str], album: str | None) -> None:
    message = telegram(**more)
    assert message is not None
    assert message.album == album


def test_whatsapp_names_none_so_its_photos_may_be_one() -> None:
    sender = Contact(channel="whatsapp", address="+15550123")
    photo = Inbound(
        sender=sender, external_id="1", received_at=NOW, media=(Media(reference="r", content_type="image/jpeg"),)
    )
    words = Inbound(sender=sender, external_id="2", received_at=NOW, text="hay un bache")
    assert _with_extras(photo, {}).album == _with_extras(photo, {}).album is not None
    assert _with_extras(words, {}).album is None
