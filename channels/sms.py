"""SMS and MMS through Twilio.

POST /channels/sms          MessageSid=SM1f..&From=%2B15005550006&To=%2B1500..&Body=hay+un+bache&NumMedia=0
POST /channels/sms/status   MessageSid=SM1f..&MessageStatus=delivered   (query: key=<our outbox key>)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from channels import BadOption, Channel, Traits, _twilio
from channels.keywords import keyword
from channels.message import Contact, Inbound, Keyword, Media, Outbound, Receipt, Webhook
from channels.segments import gsm_safe, plain_spaces
from channels.words import clean, numbered

# `gsm_safe`: letters that GSM-7 lacks (á, í, ã, ç ...) go without their marks, for one of them makes an SMS cost double
# `mms`: whether the number sends pictures (in the USA and Canada); else a picture of ours goes as a link
# `rate`: messages per second; Twilio sends one from a long-code number, more from others (their page says how many)
OPTIONS: Mapping[str, str] = {"api_url": _twilio.API_URL, "from": "", "gsm_safe": "true", "rate": "1", "mms": "false"}
SECRETS = _twilio.SECRETS
SECRETS_PUBLIC: tuple[str, ...] = ()
SECRETS_OPTIONAL: tuple[str, ...] = ()

_FOLDING: Mapping[str, Callable[[str], str]] = {"true": gsm_safe, "false": plain_spaces}
_ANSWERED = frozenset({Keyword.STOP, Keyword.START, Keyword.HELP})  # what `OptOutType` says, in capitals


def open(options: Mapping[str, str], secrets: Mapping[str, str], public_url: str) -> Channel:  # noqa: A001  # the contract's word
    """SMS of one city's number; raises BadOption. Without a public URL it only sends: Twilio could not reach us."""
    folds = options.get("gsm_safe", OPTIONS["gsm_safe"]).lower()
    if folds not in _FOLDING:
        raise BadOption("channels.sms.gsm_safe: write true or false")
    pictures = options.get("mms", OPTIONS["mms"]).lower()
    if pictures not in _FOLDING:
        raise BadOption("channels.sms.mms: write true or false")
    account = _twilio.account("sms", options, secrets, public_url)
    return Sms(account, _FOLDING[folds], pictures=pictures == "true")


class Sms:
    """Twilio acts on STOP, START, HELP and YES by itself (`channels.keywords`): those come in marked."""

    name = "sms"

    def __init__(self, account: _twilio.Account, fold: Callable[[str], str], *, pictures: bool = False) -> None:
        self.traits = Traits(buttons=0, text_limit=1600, segmented=True, callbacks=True, links=pictures)
        self._account, self._folding, self._sender = account, fold, _twilio.Sender(account)

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """One message or one report; raises Forged or Malformed. Short codes and named senders are no citizens."""
        fields = _twilio.form(webhook, self._account)
        if _twilio.is_report(fields):
            return [_twilio.receipt(fields, webhook)]
        phone = fields.get("From", "")
        if not _twilio.PHONE.fullmatch(phone):
            return []
        message = _twilio.inbound(fields, webhook, Contact(channel=self.name, address=phone))
        return [replace(message, provider_keyword=_keyword(fields, message))]

    async def send(self, outbound: Outbound) -> str:
        """Twilio's sid of the message; raises Rejected, Unavailable or Throttled."""
        body = self.fold(numbered(outbound.text, outbound.choices))
        return await self._sender.send(
            outbound, to=outbound.recipient.address, sender=self._account.sender, body=body
        )  # fmt: skip

    def fold(self, text: str) -> str:
        return self._folding(text)

    async def fetch(self, media: Media) -> bytes:
        """A picture that came by MMS; raises Rejected or Unavailable."""
        return await self._sender.fetch(media)

    async def close(self) -> None:
        await self._sender.close()


def _keyword(fields: _twilio.Form, message: Inbound) -> Keyword | None:
    """By the words that a city set up at Twilio (then the form says which kind), or by Twilio's own."""
    said = clean(fields.get("OptOutType")).lower()
    if said in _ANSWERED:
        return Keyword(said)
    return None if message.media else keyword(message.text)
