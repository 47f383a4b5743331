"""E-mail to staff, by SMTP; without a server, as files. docs/email.md

    From: Vecino <vecino@city.example>                  List-Unsubscribe: <https://city.example/...>
    To: ana@city.example                                List-Unsubscribe-Post: List-Unsubscribe=One-Click
    Subject: Puerto Vecino, semana 47                   Message-ID: <9f86d081884c7d659a2feaa0c55ad015@city.example>
    Auto-Submitted: auto-generated                      Content-Type: multipart/mixed (`_mail_message.py`)

It only sends: a message that bounces later goes to the sender's mailbox, like any other, or, with `bounces`, to an
address of its own, which `return_path.py` makes and `bounce.py` reads. `_mail_refusals.py` has what the server's
answers mean.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from functools import partial
from pathlib import Path

from channels import BadOption, Channel, Forged, Rejected, Traits
from channels._mail_folder import Folder
from channels._mail_message import Letterhead, message_id, written
from channels._mail_server import PORTS, Postman, Server
from channels.mailbox import CHANNEL, sender, wrong
from channels.message import Inbound, Outbound, Receipt, Webhook
from channels.reason import Reason
from channels.return_path import LONGEST, ReturnPath, keys

# `host`: of the mail server; none: mails are written into `folder`, below the folder of all data
# `security`: starttls (port 587), tls (465) or none (25); `ca`: a file with the certificate of a server of one's own
# `rate`: mails per second; `bounces`: the mailbox, also with +anything behind its name, that mail comes back to
OPTIONS: Mapping[str, str] = {
    "host": "none", "port": "usual", "security": "starttls", "ca": "none",
    "from": "", "reply_to": "none", "bounces": "none", "folder": "mail", "rate": "5",
}  # fmt: skip
SECRETS: tuple[str, ...] = ()
SECRETS_PUBLIC: tuple[str, ...] = ()
_LOGIN, _KEY = ("SMTP_USER", "SMTP_PASSWORD"), "VECINO_SECRET_KEY"
SECRETS_OPTIONAL: tuple[str, ...] = (*_LOGIN, _KEY)  # neither of the first two: no log-in; the key: for `bounces` alone

_NOTHING = frozenset({"", "none", "None"})  # YAML's empty value comes as the last
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DIGITS, _LARGEST_PORT = re.compile("[0-9]{1,5}"), 65535


def open(options: Mapping[str, str], secrets: Mapping[str, str], public_url: str) -> Channel:  # noqa: A001, ARG001  # the contract's words
    """One city's mail; raises BadOption."""
    own = {**OPTIONS, **options}
    back = return_path(own, secrets)
    head = Letterhead(sender=_sender(own["from"]), reply_to=_reply_to(own["reply_to"]))
    if own["host"] in _NOTHING:
        return Email(head, Folder(_folder(own["folder"])))
    return Email(head, Postman(_server(own, secrets, head.sender.domain)), back=back)


def return_path(options: Mapping[str, str], secrets: Mapping[str, str]) -> ReturnPath | None:
    """Where mail comes back to; None without `bounces`. Raises BadOption."""
    at = options.get("bounces", OPTIONS["bounces"])
    if at in _NOTHING:
        return None
    if advice := wrong(at):
        raise BadOption(f"channels.email.bounces: {advice}")
    if "+" in at or len(at.rpartition("@")[0]) > LONGEST:
        raise BadOption(f"channels.email.bounces: before the @ at most {LONGEST} letters, and no +")
    if not (known := keys(secrets.get(_KEY, ""))):
        raise BadOption(f"channels.email.bounces: needs {_KEY} in the environment, or leave it out")
    return ReturnPath(Address(addr_spec=at), known)


class Email:
    """Staff's mail. The text goes with whatever its attachments are: a page, pictures in it, files."""

    name = CHANNEL
    traits = Traits(buttons=0, text_limit=1_000_000, attachments=50, caption_limit=1_000_000)

    def __init__(
        self, head: Letterhead, way: Postman | Folder, clock: Callable[[], datetime] = lambda: datetime.now(UTC), *,
        back: ReturnPath | None = None,
    ) -> None:  # fmt: skip
        self._head, self._way, self._clock, self._pen, self._back = head, way, clock, asyncio.Lock(), back

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """Nothing comes by webhook: raises Forged."""
        raise Forged(webhook.url)

    async def send(self, outbound: Outbound) -> str:
        """The Message-ID, the same each time that this message is sent; raises Rejected, Unavailable, Throttled."""
        address = outbound.recipient.address
        if wrong(address):
            raise Rejected(Reason.NOT_A_NUMBER)
        name = message_id(outbound, self._head.sender)
        if isinstance(self._way, Folder):
            await self._way.keep(name.partition("@")[0], await self._composed(outbound))
        else:
            back = self._back.of(name) if self._back else self._head.sender.addr_spec
            await self._way.send(back, address, partial(self._composed, outbound))
        return name

    async def _composed(self, outbound: Outbound) -> bytes:
        """A digest with pictures takes 0.1 s, in which citizens would wait, and several megabytes: one at a time."""
        async with self._pen:
            return await asyncio.to_thread(written, outbound, self._head, self._clock())

    async def close(self) -> None:
        """Nothing stays open between mails."""


def _sender(value: str) -> Address:
    try:
        return sender(value)
    except ValueError as wrong_one:
        raise BadOption(f"channels.email.from: {wrong_one}") from None


def _reply_to(value: str) -> str:
    if value in _NOTHING:
        return ""
    if advice := wrong(value):
        raise BadOption(f"channels.email.reply_to: {advice}")
    return value


def _folder(path: str) -> Path:
    if not path.isprintable():
        raise BadOption("channels.email.folder: write the name of a folder, or leave it out")
    return Path(path)


def _server(options: Mapping[str, str], secrets: Mapping[str, str], domain: str) -> Server:
    host, security = options["host"], options["security"]
    if any(letter.isspace() or not letter.isprintable() for letter in host) or "/" in host:
        raise BadOption("channels.email.host: write the name of the mail server alone, such as mail.city.example")
    if security not in PORTS:
        raise BadOption(f"channels.email.security: write one of {', '.join(PORTS)}")
    user, password = (secrets.get(name, "") for name in _LOGIN)
    if bool(user) != bool(password):
        raise BadOption("channels.email: set both SMTP_USER and SMTP_PASSWORD in the environment, or neither")
    if user and security == "none" and host not in _LOOPBACK:
        raise BadOption("channels.email.security: write starttls or tls, for a password must not travel in clear")
    return Server(
        host=host, port=_port(options["port"], security), security=security, user=user, password=password,
        domain=domain, trust=_trust(options["ca"]),
    )  # fmt: skip


def _port(value: str, security: str) -> int:
    if value == OPTIONS["port"]:
        return PORTS[security]
    if not (_DIGITS.fullmatch(value) and 0 < int(value) <= _LARGEST_PORT):
        raise BadOption("channels.email.port: write a port between 1 and 65535, or leave it out")
    return int(value)


def _trust(path: str) -> ssl.SSLContext:
    """The system's certificates, and one more."""
    try:
        return ssl.create_default_context() if path in _NOTHING else _with(path)
    except (OSError, ValueError):
        raise BadOption("channels.email.ca: is no file with certificates in PEM that can be read") from None


def _with(path: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=path)
    return context
