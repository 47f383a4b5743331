from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import Attachment, Choice, Contact, Inbound, Kind, Media, Outbound, Template
from handlers.turn import Asked, Dialogue, Draft
from store.codec import Codec, encode
from store.seal import Seal, Unsealable
from store.tables import dialogues, inbox, outbox
from tests.store.samples import ANA, NOON, SECRET
from tickets.model import Place, Point

CODEC = Codec(Seal(SECRET))

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
zones = st.sampled_from([UTC, timezone(timedelta(hours=-6)), timezone(timedelta(hours=5, minutes=30))])
times = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=zones)
points = st.builds(Point, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
media = st.lists(st.builds(Media, reference=words, content_type=words), max_size=3).map(tuple)
contacts = st.builds(Contact, channel=words, address=words)
inbounds = st.builds(
    Inbound,
    sender=contacts,
    external_id=words,
    received_at=times,
    text=words,
    point=st.none() | points,
    media=media,
    language_hint=st.none() | words,
    choice=st.none() | words,
    kind=st.sampled_from(Kind),
    acknowledge=st.none() | words,
)
templates = st.builds(Template, name=words, language=words, values=st.lists(words, max_size=3).map(tuple))
attachments = st.builds(Attachment, name=words, content_type=words, content=st.binary(max_size=40))
outbounds = st.builds(
    Outbound,
    key=words,
    recipient=contacts,
    text=words,
    choices=st.lists(st.builds(Choice, id=words, label=words), max_size=3).map(tuple),
    template=st.none() | templates,
    attachments=st.lists(attachments, max_size=2).map(tuple),
    subject=words,
)
places = st.builds(Place, words=words, point=st.none() | points, street=st.none() | words, area=st.none() | words)
drafts = st.builds(
    Draft,
    service=st.none() | words,
    place=st.none() | places,
    description=words,
    media=media,
    confidence=st.none() | st.floats(0, 1),
)
dialogue_values = st.builds(
    Dialogue,
    asked=st.sampled_from(Asked),
    draft=drafts,
    question=words,
    offered=st.lists(words, max_size=3).map(tuple),
    misses=st.integers(0, 9),
    since=times,
)


@given(inbounds)
def test_every_inbound_comes_back_as_it_went(value: Inbound) -> None:
    assert CODEC.unpack(inbox.c.inbound, CODEC.pack(inbox.c.inbound, value), Inbound) == value


@given(outbounds)
def test_every_outbound_comes_back_as_it_went(value: Outbound) -> None:
    assert CODEC.unpack(outbox.c.outbound, CODEC.pack(outbox.c.outbound, value), Outbound) == value


@given(dialogue_values)
def test_every_dialogue_comes_back_as_it_went(value: Dialogue) -> None:
    assert CODEC.unpack(dialogues.c.dialogue, CODEC.pack(dialogues.c.dialogue, value), Dialogue) == value


def test_half_a_surrogate_pair_is_replaced_where_json_cannot_carry_it() -> None:
    photo = Media(reference="\udc00", content_type="image/jpeg")
    value = Inbound(sender=ANA, external_id="1", received_at=NOON, text="hola \ud83d", media=(photo,))
    back = CODEC.unpack(inbox.c.inbound, CODEC.pack(inbox.c.inbound, value), Inbound)
    assert (back.text, back.media[0].reference, back.sender) == ("hola ?", "?", ANA)
    assert back.kind is Kind.MESSAGE


def test_a_sealed_value_does_not_open_in_another_column() -> None:
    sealed = CODEC.pack(inbox.c.inbound, "words")
    with pytest.raises(Unsealable):
        CODEC.unpack(outbox.c.outbound, sealed, str)


def test_a_value_from_before_a_field_was_added_reads_with_the_default() -> None:
    old = b'{"sender":{"channel":"sms","address":"+52"},"external_id":"1","received_at":"2026-03-02T12:00:00Z"}'
    sealed = CODEC.seal.seal(old, "inbox.inbound")
    assert CODEC.unpack(inbox.c.inbound, sealed, Inbound).kind is Kind.MESSAGE


def test_a_plain_text_is_json_too() -> None:
    assert encode("á") == '"á"'.encode()
