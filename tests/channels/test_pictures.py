"""A picture of ours, as each channel carries it."""

from pathlib import Path

import pytest

from bot.delivery.picture import pictured
from bot.delivery.plain import plainer
from channels import BadOption, Traits, load
from channels.message import Contact, Outbound, Picture, Template
from channels.reason import Reason
from channels.simulator import TRAITS, Bubble, Simulator
from channels.sms import Sms
from channels.telegram import Telegram
from channels.whatsapp import WhatsApp
from store.files import Files
from store.seal import Seal
from tests.channels.world import NOW, NOWHERE, NUMBER, PHONE, SID, TOKEN, choices, outbound
from tests.peers.telegram_stub import TelegramStub
from tests.peers.twilio_stub import TwilioStub

URL = "https://city.example/photos/x"
LINE = f"Foto: {URL}"


@pytest.fixture
async def files(tmp_path: Path) -> Files:
    return Files(tmp_path, Seal("a-secret-for-tests-that-is-long-enough"))


async def picture(files: Files, url: str = URL) -> Picture:
    return Picture(file=await files.put(b"\xff\xd8jpeg", "image/jpeg"), url=url, line=f"Foto: {url}" if url else "")


async def test_telegram_gets_it_as_a_photo_with_its_text(
    bot: Telegram, telegram_stub: TelegramStub, files: Files
) -> None:
    message = outbound(text="Listo", picture=await picture(files, ""), choices=choices("Sí", "No"))
    await bot.send(await pictured(message, bot.traits, files))
    (sent,) = telegram_stub.sent
    assert telegram_stub.calls == ["sendPhoto"]
    assert (sent.text, sent.file) == ("Listo", ("photo.jpg", b"\xff\xd8jpeg"))
    assert len(sent.choices) == 2


async def test_whatsapp_gets_its_address(chats: WhatsApp, twilio_stub: TwilioStub, files: Files) -> None:
    message = outbound("whatsapp", PHONE, "Listo", picture=await picture(files))
    await chats.send(await pictured(message, chats.traits, files))
    (sent,) = twilio_stub.sent
    assert (sent.body, sent.fields["MediaUrl"]) == ("Listo", URL)


async def test_sms_gets_a_line_with_the_address_and_mms_the_address_itself(
    texts: Sms, twilio_stub: TwilioStub, files: Files
) -> None:
    message = outbound("sms", PHONE, "Listo", picture=await picture(files))
    await texts.send(await pictured(message, texts.traits, files))
    options = {"api_url": twilio_stub.url, "from": twilio_stub.number, "mms": "true"}
    secrets = {"TWILIO_ACCOUNT_SID": twilio_stub.sid, "TWILIO_AUTH_TOKEN": twilio_stub.token}
    mms = load("sms").open(options, secrets, "")
    try:
        await mms.send(await pictured(message, mms.traits, files))
    finally:
        await mms.close()
    line, media = twilio_stub.sent
    assert (line.body, "MediaUrl" in line.fields) == (f"Listo\n{LINE}", False)
    assert (media.body, media.fields["MediaUrl"]) == ("Listo", URL)


def test_mms_is_true_or_false() -> None:
    with pytest.raises(BadOption):
        secrets = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN}
        load("sms").open({"api_url": NOWHERE, "from": NUMBER, "mms": "maybe"}, secrets, "")


async def test_without_a_public_address_the_text_goes_alone_where_no_file_can(files: Files) -> None:
    message = outbound(text="Listo", picture=await picture(files, ""))
    bare = await pictured(message, Traits(buttons=0, text_limit=1600), files)
    assert (bare.text, bare.picture, bare.attachments) == ("Listo", None, ())


async def test_beside_a_text_too_long_or_a_file_that_is_gone_stands_the_line(files: Files) -> None:
    traits = Traits(buttons=100, text_limit=4096, attachments=1, caption_limit=1024)
    long = outbound(text="x" * 1025, picture=await picture(files))
    gone = outbound(text="Listo", picture=Picture(file="0" * 32, url=URL, line=LINE))
    for message in (long, gone):
        sent = await pictured(message, traits, files)
        assert (sent.text, sent.attachments) == (f"{message.text}\n{LINE}", ())


async def test_an_approved_text_goes_as_it_is(files: Files) -> None:
    template = Template(name="notice_resolved", language="es", values=("1", LINE))
    message = outbound(text="Listo", picture=await picture(files), template=template)
    assert (await pictured(message, TRAITS["whatsapp"], files)).picture is None


async def test_a_picture_that_the_provider_refuses_becomes_the_line(files: Files) -> None:
    message = outbound(text="Listo", picture=await picture(files))
    for traits in (TRAITS["telegram"], Traits(buttons=0, text_limit=1600, links=True)):
        sent = await pictured(message, traits, files)
        plain = plainer(sent, Reason.ATTACHMENTS, traits)
        assert plain and (plain.text, plain.attachments, plain.picture) == (f"Listo\n{LINE}", (), None)


async def told(phone: Simulator, files: Files) -> Bubble:
    message = Outbound(
        key="k", recipient=Contact(channel=phone.name, address="a" * 16), text="Listo", picture=await picture(files)
    )  # fmt: skip
    await phone.send(await pictured(message, phone.traits, files))
    (bubble,) = phone.screen("a" * 16)
    return bubble


async def test_the_simulator_shows_it_on_the_phone_that_got_it_alone(files: Files) -> None:
    phone = Simulator("telegram", lambda: NOW)
    bubble = await told(phone, files)
    (reference,) = bubble.pictures
    assert (bubble.text, phone.picture("a" * 16, reference)) == ("Listo", b"\xff\xd8jpeg")
    assert phone.picture("b" * 16, reference) is None


@pytest.mark.parametrize(
    ("style", "text", "shown"), [("whatsapp", "Listo", ("/photos/x",)), ("sms", f"Listo\n{LINE}", ())]
)
async def test_the_simulators_without_files_have_the_address(
    style: str, text: str, shown: tuple[str, ...], files: Files
) -> None:
    bubble = await told(Simulator(style, lambda: NOW), files)  # type: ignore[arg-type]
    assert (bubble.text, bubble.pictures) == (text, shown)
