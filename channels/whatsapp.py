"""WhatsApp through Twilio.

    POST /channels/whatsapp     MessageSid=SM1f..&From=whatsapp%3A%2B521..&Body=hay+un+bache&ProfileName=..&WaId=521..
                                a pin: Latitude, Longitude, Label, Address   a button: ButtonText, ButtonPayload
    POST /channels/whatsapp/status   MessageSid=SM1f..&MessageStatus=undelivered&ErrorCode=63016   (query: key=..)

A contact's address is the bare number, as for SMS; Twilio's `whatsapp:` prefix lives only in this file.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from channels import BadOption, Channel, Rejected, Traits, _twilio
from channels.message import Contact, Inbound, Kind, Media, Outbound, Receipt, Template, Webhook
from channels.reason import Reason
from channels.words import clean, numbered

# `templates`: one line for each approved one, its name and language and Twilio's content sid: `notice.es HX0123...`
# `sms_after_hours`: how long news wait for an answer to the template `news` before they go by SMS
# `rate`: messages per second that Twilio takes for one sender
OPTIONS: Mapping[str, str] = {
    "api_url": _twilio.API_URL, "from": "", "templates": "none", "sms_after_hours": "12", "rate": "80"
}  # fmt: skip
SECRETS = _twilio.SECRETS
SECRETS_PUBLIC: tuple[str, ...] = ()
SECRETS_OPTIONAL: tuple[str, ...] = ()

WINDOW = timedelta(hours=24)  # Meta's "customer service window"
_ROOM = 800  # characters that the values of a template may have; with its own words it may have 1,024
_HOURS = 3  # digits
_PREFIX = "whatsapp:"
_TEMPLATE = re.compile(r"([a-z0-9_]+\.[a-z]{2}):?\s+(HX[0-9a-fA-F]{32})")


def open(options: Mapping[str, str], secrets: Mapping[str, str], public_url: str) -> Channel:  # noqa: A001  # the contract's word
    """WhatsApp of one city's number; raises BadOption. Without a public URL it only sends."""
    account = _twilio.account("whatsapp", options, secrets, public_url)
    hours = options.get("sms_after_hours", OPTIONS["sms_after_hours"])
    if not (hours.isascii() and hours.isdigit() and len(hours) <= _HOURS):
        raise BadOption("channels.whatsapp.sms_after_hours: write a number of hours")
    return WhatsApp(account, templates(options.get("templates", "none")), timedelta(hours=int(hours)))


def templates(lines: str) -> dict[str, str]:
    """`name.language` -> content sid, from the lines of config.yml; raises BadOption."""
    found = {}
    for line in lines.replace("none", "").split("\n"):
        match = _TEMPLATE.fullmatch(line.strip())
        if match:
            found[match[1]] = match[2]
        elif line.strip():
            raise BadOption("channels.whatsapp.templates: write lines such as `notice.es HX` and 32 digits")
    return found


class WhatsApp:
    """Free text goes only within 24 hours of the citizen's last message; outside it, a template."""

    name = "whatsapp"
    traits = Traits(buttons=0, text_limit=1600, callbacks=True, window=WINDOW, links=True)

    def __init__(
        self, account: _twilio.Account, templates: Mapping[str, str], patience: timedelta = timedelta(hours=12)
    ) -> None:
        self._account, self._templates, self._sender = account, templates, _twilio.Sender(account)
        self.patience = patience

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """One message or one report; raises Forged or Malformed."""
        fields = _twilio.form(webhook, self._account)
        if _twilio.is_report(fields):
            return [_twilio.receipt(fields, webhook)]
        phone = fields.get("From", "").removeprefix(_PREFIX)
        if not _twilio.PHONE.fullmatch(phone):
            return []
        message = _twilio.inbound(fields, webhook, Contact(channel=self.name, address=phone))
        return [replace(_with_extras(message, fields), free_until=message.received_at + WINDOW)]

    async def send(self, outbound: Outbound) -> str:
        """Twilio's sid of the message; raises Rejected, Unavailable or Throttled."""
        sender = self._account.sender
        return await self._sender.send(
            outbound,
            to=_PREFIX + outbound.recipient.address,
            sender=sender if sender.startswith("MG") else _PREFIX + sender,
            **(self._approved(outbound.template) if outbound.template else _free(outbound)),
        )

    def approved(self, template: Template) -> bool:
        """Whether config.yml names it in this language, and its values are as Meta wants them: short, none empty."""
        fits = all(value.strip() for value in template.values) and sum(map(len, template.values)) <= _ROOM
        return fits and f"{template.name}.{template.language}" in self._templates

    async def fetch(self, media: Media) -> bytes:
        """A picture; raises Rejected or Unavailable."""
        return await self._sender.fetch(media)

    async def close(self) -> None:
        await self._sender.close()

    def _approved(self, template: Template) -> dict[str, str]:
        sid = self._templates.get(f"{template.name}.{template.language}")
        if sid is None:
            raise Rejected(Reason.NO_TEMPLATE)
        variables = {str(number): value for number, value in enumerate(template.values, 1)}
        return {"content_sid": sid, "content_variables": json.dumps(variables, ensure_ascii=False)}


_TOGETHER = "photos"  # WhatsApp names no albums: photos that come soon after each other are one


def _free(outbound: Outbound) -> dict[str, str]:
    return {"body": numbered(outbound.text, outbound.choices)}


def _with_extras(message: Inbound, fields: _twilio.Form) -> Inbound:
    """A button's or list's choice, the name of a pinned place, and stickers, which are pictures only to Twilio."""
    choice = clean(fields.get("ButtonPayload") or fields.get("ListId"))
    words = [clean(fields.get(name)) for name in ("Label", "Address")] if message.point else []
    text = message.text or clean(fields.get("ButtonText") or fields.get("ListTitle")) or ", ".join(filter(None, words))
    if fields.get("MessageType") == "sticker":
        return replace(message, media=(), kind=Kind.STICKER)
    return replace(
        message,
        text=text,
        choice=choice or None,
        album=_TOGETHER if message.media and message.kind is Kind.MESSAGE else None,
    )
