"""A real mail server (aiosmtpd) on loopback, with a certificate of its own, that refuses and breaks off as it is told."""

import asyncio
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "vecino", "contraseña de prueba"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One that was taken: by whom and for whom the envelope says, and all of it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    by_tls: bool
    user: str


@dataclass(slots=True)
class MailServer:
    """`async with MailServer(certificate=pem) as server: server.port`. `refusals`: what is answered to each command,
    one after the other, before it is taken again; an address of its own may have some too."""

    certificate: Path | None = None
    security: str = "starttls"
    login: bool = False
    largest: int = 10_000_000
    refusals: dict[str, deque[str]] = field(default_factory=dict)
    breaks_off: bool = False  # once it has the content, before it answers
    holds: asyncio.Event | None = None  # waits for it before it takes a content
    mails: list[Mail] = field(default_factory=list)
    logins: int = 0
    in_hand: int = 0
    most: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _talks: list[SMTP] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _context: ssl.SSLContext | None = None

    async def __aenter__(self) -> "MailServer":
        if self.certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(self.certificate)
        implicit = self._context if self.security == "tls" else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, HOST, self.port, ssl=implicit)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        for talk in self._talks:
            if isinstance(talk.transport, asyncio.WriteTransport):
                talk.transport.abort()
        talking = [talk._handler_coroutine for talk in self._talks if talk._handler_coroutine]
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        self._talks.clear()

    async def full(self, count: int) -> None:
        """Until so many mails are being sent at once; while the server `holds` them."""
        while self.most < count:
            self._changed.clear()
            await self._changed.wait()

    def refuse(self, command: str, *replies: str) -> None:
        """`command`: MAIL, RCPT, DATA, or an address for its RCPT."""
        self.refusals.setdefault(command, deque()).extend(replies)

    def _protocol(self) -> SMTP:
        starttls = self._context if self.security == "starttls" else None
        talk = SMTP(
            self, hostname="mail.test", loop=asyncio.get_running_loop(), data_size_limit=self.largest,
            tls_context=starttls, require_starttls=bool(starttls), authenticator=self._authenticate,
            auth_required=self.login, auth_require_tls=self.security == "starttls",
        )  # fmt: skip
        self._talks.append(talk)
        return talk

    def _authenticate(self, _: SMTP, __: Session, ___: Envelope, ____: str, data: object) -> AuthResult:
        self.logins += 1
        known = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=data == known, handled=False, auth_data=data)

    def _refusal(self, *commands: str) -> str | None:
        return next((self.refusals[name].popleft() for name in commands if self.refusals.get(name)), None)

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - its own name
        if refusal := self._refusal("MAIL"):
            return refusal
        envelope.mail_from, envelope.mail_options = address, options
        return "250 2.1.0 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - its own name
        if refusal := self._refusal(address, "RCPT"):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options = options
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its own name
        self.in_hand += 1
        self.most = max(self.most, self.in_hand)
        self._changed.set()
        if self.holds:
            await self.holds.wait()
        self.in_hand -= 1
        if refusal := self._refusal("DATA"):
            return refusal
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
        by_tls = session.ssl is not None or self.security == "tls"
        taken = Mail(
            sender=envelope.mail_from, recipients=tuple(envelope.rcpt_tos), content=envelope.content, by_tls=by_tls,
            user=user,
        )  # fmt: skip
        self.mails.append(taken)
        if self.breaks_off and server.transport:
            server.transport.close()
        return "250 2.0.0 OK, queued"


class Script:
    """A server that says what it is told, line by line, to whatever comes, and then hangs up."""

    def __init__(self, *replies: bytes) -> None:
        self._replies, self.port, self._ended = replies, 0, asyncio.Event()

    async def __aenter__(self) -> "Script":
        self._server = await asyncio.start_server(self._talk, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ended.wait()
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            for reply in self._replies:
                writer.write(reply)
                await writer.drain()
                await reader.readline()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self._ended.set()


def certificate(folder: Path, *, host: str = HOST) -> Path:
    """A new one, signed by itself: key and certificate in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    known: x509.GeneralName = x509.IPAddress(IPv4Address(host)) if host == HOST else x509.DNSName(host)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{host}.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path
