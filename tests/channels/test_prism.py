"""What we send to Twilio, checked by Prism against Twilio's official OpenAPI."""

import pytest

from channels import Rejected, Throttled, Unavailable, load
from channels.message import Template
from tests.channels.world import PHONE, PUBLIC_URL, SID, TEMPLATE_SID, TOKEN, choices, outbound
from tests.peers import faults

SECRETS = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN}


async def _send(channel: str, url: str, sender: str = "+15005550006", template: Template | None = None) -> str:
    options = {"api_url": url, "from": sender, "templates": f"notice.es {TEMPLATE_SID}"}
    opened = load(channel).open(options, SECRETS, PUBLIC_URL)
    try:
        message = outbound(channel, PHONE, "¿Dónde es? 🕳", choices=choices("Sí", "No"), template=template)
        return await opened.send(message)
    finally:
        await opened.close()


@pytest.mark.parametrize("sender", ["+15005550006", "MG" + "0" * 32])
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
async def test_text_is_what_the_spec_asks_for(prism: str, channel: str, sender: str) -> None:
    assert (await _send(channel, prism, sender)).startswith("SM")


async def test_template_is_what_the_spec_asks_for(prism: str) -> None:
    template = Template(name="notice", language="es", values=("7K3-9QX",))
    assert (await _send("whatsapp", prism, template=template)).startswith("SM")


@pytest.mark.parametrize(
    ("prefer", "reason"),
    [
        ("code=400, example=21211", "not_a_number"),
        ("code=400, example=21610", "opted_out"),
        ("code=400, example=21408", "region_not_allowed"),
        ("code=400, example=63016", "outside_window"),
    ],
)
async def test_refusals_of_the_spec_name_their_reason(prism: str, prefer: str, reason: str) -> None:
    async with faults.preferring(prism, prefer) as url:
        with pytest.raises(Rejected) as refused:
            await _send("sms", url)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("code", "error"), [("429", Throttled), ("401", Unavailable), ("500", Unavailable), ("503", Unavailable)]
)
async def test_what_passes_is_to_be_retried(prism: str, code: str, error: type[Exception]) -> None:
    async with faults.preferring(prism, f"code={code}") as url:
        with pytest.raises(error):
            await _send("sms", url)
