"""One mail to one SMTP server: connect, STARTTLS, log-in, envelope, content. A connection for each, closed behind it.

All of it takes less than the lease of the row in the outbox (60 s), so that no second process sends it meanwhile.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import structlog
from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPResponseException,
)

from channels import Throttled, Unavailable
from channels._mail_refusals import Asked, refusal
from channels.reason import Reason

PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_STEP = 10.0  # seconds for one answer
_ENVELOPE, _CONTENT, _GOODBYE = 15.0, 35.0, 2.0  # seconds for all before the content; for that; for QUIT
_AT_ONCE = 4  # mails on their way: more would take the room of citizens' answers while a server hangs
_SHUT = 60.0  # seconds without a try after a wrong password: who tries often is locked out
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where it is, how it is spoken to, and as whom; an empty `user` does not log in. `domain`: our name to it."""

    host: str
    port: int
    security: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    domain: str
    trust: ssl.SSLContext


class Postman:
    """Sends through one server. What is wrong with it is logged when it begins, not again with every mail."""

    def __init__(self, server: Server) -> None:
        self._server, self._trouble = server, ""
        self._in_hand, self._shut = 0, 0.0

    async def send(self, sender: str, recipient: str, compose: Callable[[], Awaitable[bytes]]) -> None:
        """What `compose` gives, which is asked once there is a hand free; until the server has taken it. Raises
        Rejected, Unavailable or Throttled."""
        if self._in_hand >= _AT_ONCE:
            raise Throttled(1.0, whole=True)
        if monotonic() < self._shut:
            raise Unavailable(Reason.UNAUTHORIZED)
        self._in_hand += 1
        try:
            await self._send(sender, recipient, await compose())
        finally:
            self._in_hand -= 1
        self._trouble = ""

    async def _send(self, sender: str, recipient: str, content: bytes) -> None:
        client = self._client()
        try:
            async with _within(_ENVELOPE, uncertain=False):
                await self._begin(client, sender, recipient, len(content))
            async with _within(_CONTENT, uncertain=True), self._asking(Asked.CONTENT):
                await client.data(content, timeout=_CONTENT)
            await _goodbye(client)
        finally:
            client.close()

    async def _begin(self, client: SMTP, sender: str, recipient: str, size: int) -> None:
        async with self._asking(Asked.CONNECT):
            await client.connect()
            await client.ehlo()
        if self._server.user:
            async with self._asking(Asked.LOGIN):
                await client.login(self._server.user, self._server.password)
        announced = [f"SIZE={size}"] if client.supports_extension("size") else []
        async with self._asking(Asked.SENDER):
            await client.mail(sender, options=announced)
        async with self._asking(Asked.RECIPIENT):
            await client.rcpt(recipient)

    def _client(self) -> SMTP:
        at = self._server
        return SMTP(
            hostname=at.host, port=at.port, timeout=_STEP, local_hostname=at.domain, tls_context=at.trust,
            use_tls=at.security == "tls", start_tls=at.security == "starttls",
        )  # fmt: skip

    @asynccontextmanager
    async def _asking(self, asked: Asked) -> AsyncIterator[None]:
        """Its refusals and its silence as our errors. What was lost while the content was on its way may be there."""
        try:
            yield
        except SMTPResponseException as refused:
            raise self._refused(asked, refused.code, refused.message) from None
        except ssl.SSLError as failed:
            raise self._unsafe(failed) from None
        except OSError as lost:  # the library's own for what is lost or late are all of this kind
            if isinstance(lost.__cause__, ssl.SSLError):
                raise self._unsafe(lost.__cause__) from None
            self._say(f"{asked}: {lost}")
            raise Unavailable(Reason.NETWORK, uncertain=asked is Asked.CONTENT) from None
        except SMTPException as failed:  # it does not offer what config.yml asks for
            self._say(f"{asked}: {failed.message}")
            raise Unavailable(Reason.UNAUTHORIZED) from None

    def _refused(self, asked: Asked, code: int, words: str) -> Exception:
        if not 400 <= code < 600:  # no refusal that we understand
            return Unavailable(Reason.PROVIDER, uncertain=asked is Asked.CONTENT)
        trouble = refusal(asked, code, words)
        if asked is Asked.LOGIN and code >= 500:
            self._shut = monotonic() + _SHUT
        if isinstance(trouble, Unavailable) and trouble.reason != Reason.THROTTLED:
            self._say(f"{asked} refused", code=code)
        return trouble

    def _unsafe(self, failed: ssl.SSLError) -> Unavailable:
        why = failed.verify_message if isinstance(failed, ssl.SSLCertVerificationError) else failed.reason
        self._say(f"TLS failed: {why}")
        return Unavailable(Reason.NETWORK)

    def _say(self, trouble: str, **more: object) -> None:
        """Never the server's own words: they hold addresses."""
        if trouble != self._trouble:
            log.warning("mail_server", host=self._server.host, trouble=trouble, **more)
        self._trouble = trouble


@asynccontextmanager
async def _within(seconds: float, *, uncertain: bool) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Unavailable(Reason.NETWORK, uncertain=uncertain) from None


async def _goodbye(client: SMTP) -> None:
    """A courtesy: the mail is with them already."""
    with suppress(SMTPException, OSError, ValueError):
        async with asyncio.timeout(_GOODBYE):
            await client.quit()
