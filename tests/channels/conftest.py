"""What the channels' tests share: stubs, opened channels, and the real peers from npm."""

from collections.abc import AsyncIterator, Iterator

import pytest

from channels import sms, telegram, whatsapp
from channels.sms import Sms
from channels.telegram import Telegram
from channels.whatsapp import WhatsApp
from tests.channels.world import PUBLIC_URL, TEMPLATE_SID
from tests.peers import prism as prism_peer
from tests.peers.telegram_stub import TelegramStub
from tests.peers.twilio_stub import TwilioStub


@pytest.fixture(scope="session")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Twilio's official OpenAPI, served by Prism."""
    with prism_peer.running(tmp_path_factory.mktemp("prism")) as url:
        yield url


@pytest.fixture
async def telegram_stub() -> AsyncIterator[TelegramStub]:
    async with TelegramStub() as stub:
        yield stub


@pytest.fixture
async def twilio_stub() -> AsyncIterator[TwilioStub]:
    async with TwilioStub(PUBLIC_URL) as stub:
        yield stub


@pytest.fixture
async def bot(telegram_stub: TelegramStub) -> AsyncIterator[Telegram]:
    secrets = {"TELEGRAM_BOT_TOKEN": telegram_stub.token, "TELEGRAM_WEBHOOK_SECRET": "s3cret"}
    channel = telegram.open({"api_url": telegram_stub.url}, secrets, PUBLIC_URL)
    assert isinstance(channel, Telegram)
    yield channel
    await channel.close()


@pytest.fixture
async def texts(twilio_stub: TwilioStub) -> AsyncIterator[Sms]:
    channel = sms.open({"api_url": twilio_stub.url, "from": twilio_stub.number}, _secrets(twilio_stub), PUBLIC_URL)
    assert isinstance(channel, Sms)
    yield channel
    await channel.close()


@pytest.fixture
async def chats(twilio_stub: TwilioStub) -> AsyncIterator[WhatsApp]:
    options = {
        "api_url": twilio_stub.url, "from": twilio_stub.number, "templates": f"notice.es {TEMPLATE_SID}"
    }  # fmt: skip
    channel = whatsapp.open(options, _secrets(twilio_stub), PUBLIC_URL)
    assert isinstance(channel, WhatsApp)
    yield channel
    await channel.close()


def _secrets(stub: TwilioStub) -> dict[str, str]:
    return {"TWILIO_ACCOUNT_SID": stub.sid, "TWILIO_AUTH_TOKEN": stub.token}
