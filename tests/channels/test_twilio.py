"""SMS and WhatsApp against a stub of Twilio: sending, reports, media, and what goes wrong."""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from channels import BadOption, Fetches, Rejected, Throttled, Unavailable, UnknownChannel, load
from channels.message import Attachment, Delivery, Inbound, Media, Outbound, Receipt, Template
from channels.sms import Sms
from channels.whatsapp import WhatsApp, templates
from tests.channels.world import NOWHERE, PHONE, PUBLIC_URL, TEMPLATE_SID, choices, city_of, outbound
from tests.peers import faults
from tests.peers.server import Server
from tests.peers.twilio_stub import TwilioStub


def _text(channel: str = "sms", text: str = "¿Dónde es?", **more: Any) -> Outbound:
    return outbound(channel, PHONE, text, **more)


def _secrets(stub: TwilioStub) -> dict[str, str]:
    return {"TWILIO_ACCOUNT_SID": stub.sid, "TWILIO_AUTH_TOKEN": stub.token}


async def test_sms_goes_from_our_number_with_our_key_in_its_callback(texts: Sms, twilio_stub: TwilioStub) -> None:
    external_id = await texts.send(_text(text="Folio 7K3-9QX: mañana ✅"))
    (sent,) = twilio_stub.sent
    assert (sent.sid, sent.to, sent.sender, sent.body) == (
        external_id,
        PHONE,
        twilio_stub.number,
        "Folio 7K3-9QX: mañana ✅",
    )
    assert sent.status_callback == f"{PUBLIC_URL}/channels/sms/status?key={quote('reply:12:0', safe='')}#rc=5&rp=all"


async def test_choices_are_numbered_and_odd_spaces_do_not_cost_a_segment(texts: Sms, twilio_stub: TwilioStub) -> None:
    await texts.send(_text(text="Vence a las 5:00\u202fp. m.", choices=choices("Sí", "No")))
    assert twilio_stub.sent[0].body == "Vence a las 5:00 p. m.\n1 Si\n2 No"


@pytest.mark.parametrize(("folds", "body"), [("true", "Aqui, mañana"), (True, "Aqui, mañana"), (False, "Aquí, mañana")])
async def test_letters_that_make_an_sms_cost_double_are_folded_unless_the_city_wants_them(
    twilio_stub: TwilioStub, folds: object, body: str
) -> None:
    options = {"api_url": twilio_stub.url, "from": twilio_stub.number, "gsm_safe": str(folds)}
    channel = load("sms").open(options, _secrets(twilio_stub), "")
    await channel.send(_text(text="Aquí, mañana"))
    await channel.close()
    assert twilio_stub.sent[0].body == body


def test_a_folding_that_is_neither_true_nor_false_is_refused(twilio_stub: TwilioStub) -> None:
    options = {"api_url": twilio_stub.url, "from": twilio_stub.number, "gsm_safe": "maybe"}
    with pytest.raises(BadOption, match=r"channels\.sms\.gsm_safe: write true or false"):
        load("sms").open(options, _secrets(twilio_stub), "")


async def test_messaging_service_stands_in_for_a_number(twilio_stub: TwilioStub) -> None:
    service = "MG" + "b" * 32
    for name in ("sms", "whatsapp"):
        options = {"api_url": twilio_stub.url, "from": service}
        channel = load(name).open(options, _secrets(twilio_stub), "")
        await channel.send(_text(name))
        await channel.close()
    for sent in twilio_stub.sent:
        assert sent.fields["MessagingServiceSid"] == service
        assert "From" not in sent.fields
        assert "StatusCallback" not in sent.fields


async def test_whatsapp_addresses_have_their_prefix_only_on_the_wire(chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    await chats.send(_text("whatsapp", choices=choices("Sí", "No")))
    (sent,) = twilio_stub.sent
    assert (sent.to, sent.sender) == (f"whatsapp:{PHONE}", f"whatsapp:{twilio_stub.number}")
    assert sent.body == "¿Dónde es?\n1 Sí\n2 No"
    assert "/channels/whatsapp/status?key=" in sent.status_callback


async def test_template_goes_as_content_with_numbered_variables(chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    template = Template(name="notice", language="es", values=("7K3-9QX", 'está "resuelto"'))
    await chats.send(_text("whatsapp", template=template))
    fields = twilio_stub.sent[0].fields
    assert fields["ContentSid"] == TEMPLATE_SID
    assert json.loads(fields["ContentVariables"]) == {"1": "7K3-9QX", "2": 'está "resuelto"'}
    assert "Body" not in fields


async def test_template_that_is_not_configured_is_refused(chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    with pytest.raises(Rejected, match="no_template"):
        await chats.send(_text("whatsapp", template=Template(name="notice", language="fr", values=())))
    assert twilio_stub.sent == []


async def test_file_is_refused_for_twilio_cannot_take_it(texts: Sms, chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    file = Attachment(name="a.jpg", content_type="image/jpeg", content=b"x")
    for channel in (texts, chats):
        assert channel.traits.attachments == 0
        with pytest.raises(Rejected, match="attachments"):
            await channel.send(_text(attachments=(file,)))
    assert twilio_stub.sent == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21211, "not_a_number"),
        (21610, "opted_out"),
        (21408, "region_not_allowed"),
        (63016, "outside_window"),
        (21999, "refused"),
    ],
)
async def test_refusal_for_good_names_its_reason(texts: Sms, twilio_stub: TwilioStub, code: int, reason: str) -> None:
    for status in (400, 403):
        twilio_stub.refuse(code, status=status if code != 21999 else 400)
        with pytest.raises(Rejected) as refused:
            await texts.send(_text())
        assert (refused.value.reason, refused.value.code) == (reason, str(code))


async def test_too_long_is_refused_not_cut(texts: Sms, twilio_stub: TwilioStub) -> None:
    with pytest.raises(Rejected, match="too_long"):
        await texts.send(_text(text="x" * 1601))


async def test_slow_down_says_for_how_long(texts: Sms, twilio_stub: TwilioStub) -> None:
    twilio_stub.throttle(17)
    with pytest.raises(Throttled) as named:
        await texts.send(_text())
    twilio_stub.refuse(20429, status=400)
    with pytest.raises(Throttled) as unnamed:
        await texts.send(_text())
    assert (named.value.seconds, unnamed.value.seconds) == (17, 5)


@pytest.mark.parametrize(
    ("status", "code", "reason", "uncertain"),
    [(500, 20500, "provider", True), (503, 20503, "provider", False), (401, 20003, "unauthorized", False)],
)
async def test_error_that_passes_is_retried_by_the_outbox_only(
    texts: Sms, twilio_stub: TwilioStub, status: int, code: int, reason: str, uncertain: bool
) -> None:
    twilio_stub.refuse(code, status=status)
    with pytest.raises(Unavailable) as down:
        await texts.send(_text())
    assert (down.value.reason, down.value.uncertain) == (reason, uncertain)
    assert twilio_stub.sent == []
    await texts.send(_text())


async def test_nobody_listening_is_certain_and_a_lost_answer_is_not(texts: Sms, twilio_stub: TwilioStub) -> None:
    nowhere = load("sms").open({"api_url": NOWHERE, "from": twilio_stub.number}, _secrets(twilio_stub), PUBLIC_URL)
    with pytest.raises(Unavailable) as before:
        await nowhere.send(_text())
    await nowhere.close()
    twilio_stub.drop_after_accepting()
    with pytest.raises(Unavailable) as after:
        await texts.send(_text())
    assert (before.value.uncertain, after.value.uncertain, len(twilio_stub.sent)) == (False, True, 1)


@pytest.mark.parametrize("body", ["<html>", "{}", '{"sid": 7}', ""])
async def test_answer_that_says_nothing_may_have_been_accepted(twilio_stub: TwilioStub, body: str) -> None:
    async with faults.answering(201, body) as url:
        channel = load("sms").open({"api_url": url, "from": twilio_stub.number}, _secrets(twilio_stub), "")
        with pytest.raises(Unavailable) as lost:
            await channel.send(_text())
        assert lost.value.uncertain
        await channel.close()


async def test_neither_token_nor_words_nor_phone_are_logged_or_shown(
    texts: Sms, twilio_stub: TwilioStub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await texts.send(_text(text="mi secreto"))
    twilio_stub.refuse(21610)
    with pytest.raises(Rejected) as refused:
        await texts.send(_text(text="mi secreto"))
    shown = caplog.text + repr(texts) + repr(vars(texts)) + repr(refused.value) + str(refused.value)
    for hidden in (twilio_stub.token, "mi secreto", PHONE, PHONE[1:]):
        assert hidden not in shown


async def test_stub_posts_what_we_read_and_its_reports_find_our_key(texts: Sms, twilio_stub: TwilioStub) -> None:
    taken: list[Inbound | Receipt] = []
    async with Server(city_of(texts, taken)) as city:
        twilio_stub.app_url = city.url
        await twilio_stub.citizen_says(PHONE, "hay un bache")
        await twilio_stub.citizen_sends_photo(PHONE, b"jpeg", text="aquí")
        external_id = await texts.send(_text())
        await twilio_stub.report(twilio_stub.sent[0], "sent")
        await twilio_stub.report(twilio_stub.sent[0], "undelivered", 30003)
    assert twilio_stub.statuses == [200] * 4
    text, photo, first, second = taken
    assert isinstance(text, Inbound)
    assert isinstance(photo, Inbound)
    assert (text.text, photo.text, await texts.fetch(photo.media[0])) == ("hay un bache", "aquí", b"jpeg")
    assert first == Receipt(key="reply:12:0", external_id=external_id, delivery=Delivery.SENT)
    assert second == Receipt(
        key="reply:12:0", external_id=external_id, delivery=Delivery.FAILED, reason="unreachable"
    )  # fmt: skip


async def test_stub_speaks_whatsapp_too(chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    taken: list[Inbound | Receipt] = []
    async with Server(city_of(chats, taken)) as city:
        twilio_stub.app_url = city.url
        await twilio_stub.citizen_says(PHONE, "hay un bache", channel="whatsapp")
        await twilio_stub.citizen_sends_pin(PHONE, 19.4, -99.1)
    assert twilio_stub.statuses == [200, 200]
    assert [item.sender.address for item in taken if isinstance(item, Inbound)] == [PHONE, PHONE]


@pytest.mark.parametrize(
    "reference",
    [
        "https://evil.example/a",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://api.twilio.com.evil.example/a",
        "http://[::1",
        "x",
    ],
)
async def test_media_is_fetched_from_twilio_only(texts: Sms, reference: str) -> None:
    assert isinstance(texts, Fetches)
    with pytest.raises(Rejected, match="not_found"):
        await texts.fetch(Media(reference=reference, content_type="image/jpeg"))


async def test_media_that_is_gone_is_refused_and_wrong_credentials_wait(texts: Sms, twilio_stub: TwilioStub) -> None:
    address = twilio_stub.keep("MM1", b"jpeg")
    with pytest.raises(Rejected, match="not_found"):
        await texts.fetch(Media(reference=address + "0", content_type="image/jpeg"))
    twilio_stub.token = "changed"
    with pytest.raises(Unavailable, match="unauthorized"):
        await texts.fetch(Media(reference=address, content_type="image/jpeg"))


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (302, {"Location": "file:///etc/passwd"}, "not_found"),
        (302, {"Location": "https://evil.example/a"}, "not_found"),
        (302, {"Location": "http://169.254.169.254/latest"}, "not_found"),
        (302, {"Location": "https://s3.amazonaws.com.evil.example/a"}, "not_found"),
        (302, {"Location": "https://ec2-10-0-0-1.compute.amazonaws.com/a"}, "not_found"),
        (302, {}, "not_found"),
        (410, {}, "not_found"),
        (400, {}, "refused"),
    ],
)
async def test_strange_answer_for_media_is_refused(
    twilio_stub: TwilioStub, status: int, headers: dict[str, str], reason: str
) -> None:
    async with faults.answering(status, "x", **headers) as url:
        channel = load("sms").open({"api_url": url, "from": twilio_stub.number}, _secrets(twilio_stub), "")
        assert isinstance(channel, Fetches)
        with pytest.raises(Rejected, match=reason):
            await channel.fetch(Media(reference=f"{url}/media", content_type="image/jpeg"))
        await channel.close()


async def test_media_larger_than_the_limit_is_not_kept(twilio_stub: TwilioStub) -> None:
    async with faults.answering(200, "x" * (20 * 1024 * 1024 + 1)) as url:
        channel = load("sms").open({"api_url": url, "from": twilio_stub.number}, _secrets(twilio_stub), "")
        assert isinstance(channel, Fetches)
        with pytest.raises(Rejected, match="too_large"):
            await channel.fetch(Media(reference=f"{url}/media", content_type="image/jpeg"))
        await channel.close()


@pytest.mark.parametrize(
    ("name", "options", "secrets", "words"),
    [
        ("sms", {"from": "5512345678"}, {}, r"channels\.sms\.from"),
        ("sms", {"from": "+15005550006"}, {"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ("whatsapp", {"from": "+15005550006", "templates": "notice.es XX1"}, {}, "templates"),
        ("telegram", {}, {"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN"),
        ("telegram", {}, {"TELEGRAM_WEBHOOK_SECRET": "con espacio"}, "TELEGRAM_WEBHOOK_SECRET"),
    ],
)
def test_unusable_option_is_named(name: str, options: dict[str, str], secrets: dict[str, str], words: str) -> None:
    module = load(name)
    good = {
        "TELEGRAM_BOT_TOKEN": "1:x", "TELEGRAM_WEBHOOK_SECRET": "s", "TWILIO_ACCOUNT_SID": "A", "TWILIO_AUTH_TOKEN": "t"
    }  # fmt: skip
    with pytest.raises(BadOption, match=words) as bad:
        module.open({**module.OPTIONS, **options}, good | secrets, PUBLIC_URL)
    assert "con espacio" not in str(bad.value)


def test_templates_are_lines_of_name_language_and_sid() -> None:
    assert templates("none") == {}
    assert templates(f"notice.es {TEMPLATE_SID}\n\n  resolved.pt: {TEMPLATE_SID}\n") == {
        "notice.es": TEMPLATE_SID, "resolved.pt": TEMPLATE_SID
    }  # fmt: skip


@pytest.mark.parametrize("name", ["fax", "../sms", "message", "segments", "", "os.path"])
def test_channel_that_does_not_exist_is_unknown(name: str) -> None:
    with pytest.raises(UnknownChannel):
        load(name)


@pytest.mark.parametrize("name", ["telegram", "sms", "whatsapp"])
def test_each_channel_says_what_it_needs(name: str) -> None:
    module = load(name)
    assert module.OPTIONS["api_url"].startswith("https://")
    assert all(secret.isupper() for secret in (*module.SECRETS, *module.SECRETS_PUBLIC))


async def test_whatsapp_tells_until_when_free_text_is_taken(chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    taken: list[Inbound | Receipt] = []
    async with Server(city_of(chats, taken)) as city:
        twilio_stub.app_url = city.url
        await twilio_stub.citizen_says(PHONE, "hay un bache", channel="whatsapp")
    (message,) = taken
    assert isinstance(message, Inbound)
    assert message.free_until == message.received_at + timedelta(hours=24)
    assert chats.traits.window == timedelta(hours=24)


@pytest.mark.parametrize(
    ("name", "language", "values", "approved"),
    [
        ("notice", "es", ("7K3-9QX", "resuelto"), True),
        ("notice", "fr", ("7K3-9QX", "réglé"), False),
        ("news", "es", (), False),
        ("notice", "es", ("7K3-9QX", " "), False),
        ("notice", "es", ("7K3-9QX", "x" * 800), False),
    ],
)
def test_template_is_approved_in_its_language_with_values_that_meta_takes(
    chats: WhatsApp, name: str, language: str, values: tuple[str, ...], approved: bool
) -> None:
    assert chats.approved(Template(name=name, language=language, values=values)) is approved


@pytest.mark.parametrize("hours", ["soon", "-1", "1.5", "1000", ""])
def test_hours_that_are_no_number_are_refused(twilio_stub: TwilioStub, hours: str) -> None:
    options = {"api_url": twilio_stub.url, "from": twilio_stub.number, "sms_after_hours": hours}
    with pytest.raises(BadOption, match="sms_after_hours: write a number of hours"):
        load("whatsapp").open(options, _secrets(twilio_stub), "")


async def test_late_report_that_the_day_is_over_names_its_reason(chats: WhatsApp, twilio_stub: TwilioStub) -> None:
    taken: list[Inbound | Receipt] = []
    async with Server(city_of(chats, taken)) as city:
        twilio_stub.app_url = city.url
        await chats.send(_text("whatsapp"))
        await twilio_stub.report(twilio_stub.sent[0], "undelivered", 63016)
    assert [item.reason for item in taken if isinstance(item, Receipt)] == ["outside_window"]
