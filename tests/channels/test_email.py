"""E-mail through a real SMTP server: what arrives, what is refused, what is lost, and what is said of it."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from channels import BadOption, Channel, Forged, Rejected, Throttled, Unavailable, email, load
from channels._mail_server import _AT_ONCE
from channels.message import Attachment, Contact, Outbound, Webhook
from channels.reason import Reason
from tests.channels.world import NOW
from tests.peers.mail_server import HOST, PASSWORD, USER, MailServer, Script, certificate

FROM = "Vecino <vecino@city.example>"
ANA = "ana.bravo@city.example"
LOGIN = {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD}


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server(pem: Path) -> AsyncIterator[MailServer]:
    async with MailServer(certificate=pem) as running:
        yield running


def opened(server: MailServer | Script, *, secrets: dict[str, str] | None = None, **options: str) -> Channel:
    """The channel of a city whose mail server this is; it knows the server's certificate, if there is one."""
    known = {"ca": str(server.certificate)} if isinstance(server, MailServer) and server.certificate else {}
    return email.open({"host": HOST, "port": str(server.port), "from": FROM, **known, **options}, secrets or {}, "")


def mail(key: str = "digest:1", to: str = ANA, text: str = "Hola, Ana: 12 reportes.", **more: object) -> Outbound:
    values: dict[str, object] = {"subject": "Semana 47", **more}
    return Outbound(key=key, recipient=Contact(channel="email", address=to), text=text, **values)  # type: ignore[arg-type]


async def failing(channel: Channel, outbound: Outbound | None = None) -> Exception:
    """What sending raises; neither it nor the log names anybody."""
    with capture_logs() as logs, pytest.raises((Rejected, Unavailable, Throttled)) as failed:
        await channel.send(outbound or mail())
    told = f"{failed.value!r} {failed.value} {failed.value.__cause__!r} {logs}"
    for secret in ("ana", "bravo", PASSWORD, "digest:1"):
        assert secret not in told
    return failed.value


async def test_a_mail_arrives_by_starttls(server: MailServer) -> None:
    assert await opened(server).send(mail())
    [arrived] = server.mails
    assert (arrived.sender, arrived.recipients, arrived.by_tls) == ("vecino@city.example", (ANA,), True)
    message = message_from_bytes(arrived.content, policy=policy.default)
    assert message["From"] == FROM
    assert message["To"] == ANA
    assert message["Subject"] == "Semana 47"
    assert message.get_content().strip() == "Hola, Ana: 12 reportes."


async def test_a_mail_arrives_by_tls_from_the_first_byte(pem: Path) -> None:
    async with MailServer(certificate=pem, security="tls") as server:
        await opened(server, security="tls").send(mail())
    assert [one.by_tls for one in server.mails] == [True]


async def test_a_mail_arrives_without_tls_where_the_city_wants_that() -> None:
    async with MailServer(security="none") as server:
        await opened(server, security="none").send(mail())
    assert [one.by_tls for one in server.mails] == [False]


async def test_who_has_a_password_logs_in(pem: Path) -> None:
    async with MailServer(certificate=pem, login=True) as server:
        await opened(server, secrets=LOGIN).send(mail())
    assert [one.user for one in server.mails] == [USER]


async def test_a_wrong_password_is_ours_to_set_right_and_is_not_tried_again_at_once(pem: Path) -> None:
    async with MailServer(certificate=pem, login=True) as server:
        channel = opened(server, secrets={**LOGIN, "SMTP_PASSWORD": "wrong"})
        for _ in range(3):
            failed = await failing(channel)
            assert isinstance(failed, Unavailable)
            assert (failed.reason, failed.uncertain) == (Reason.UNAUTHORIZED, False)
        assert server.logins <= 3  # one try, by each way to log in that the server offers
    assert server.mails == []


async def test_a_server_that_wants_a_login_and_gets_none_is_ours_to_set_right(pem: Path) -> None:
    async with MailServer(certificate=pem, login=True) as server:
        failed = await failing(opened(server))
    assert isinstance(failed, Unavailable)


async def test_a_certificate_that_nobody_vouches_for_is_refused_and_the_log_says_why_once(server: MailServer) -> None:
    channel = opened(server, ca="none", secrets=LOGIN)
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(Unavailable, match="network") as failed:
                await channel.send(mail())
            assert not failed.value.uncertain
    assert [one["trouble"] for one in logs] == ["TLS failed: self-signed certificate"]
    assert (server.mails, server.logins) == ([], 0)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_the_certificate_of_another_host_is_refused(tmp_path: Path, security: str) -> None:
    async with MailServer(certificate=certificate(tmp_path, host="other.test"), security=security) as server:
        with capture_logs() as logs, pytest.raises(Unavailable, match="network"):
            await opened(server, security=security).send(mail())
    assert "IP address mismatch" in logs[0]["trouble"]


async def test_nothing_goes_in_clear_where_the_server_offers_no_starttls() -> None:
    async with MailServer(security="none") as server:
        failed = await failing(opened(server, secrets=LOGIN))
        assert isinstance(failed, Unavailable)
        assert failed.reason == Reason.UNAUTHORIZED
    assert (server.mails, server.logins) == ([], 0)


REFUSALS = [
    ("RCPT", f"550 5.1.1 <{ANA}>: Recipient address rejected: User unknown", Rejected, Reason.NOT_FOUND),
    ("RCPT", "550 no such user here", Rejected, Reason.NOT_FOUND),
    ("RCPT", "551 user not local", Rejected, Reason.NOT_FOUND),
    ("RCPT", "553 mailbox name not allowed", Rejected, Reason.NOT_A_NUMBER),
    ("RCPT", "550 5.2.1 mailbox disabled", Rejected, Reason.GONE),
    ("RCPT", "556 5.1.10 the domain takes no mail", Rejected, Reason.NOT_FOUND),
    ("RCPT", "552 5.2.2 mailbox full", Rejected, Reason.UNREACHABLE),
    ("RCPT", "552 quota exceeded", Rejected, Reason.UNREACHABLE),
    ("RCPT", "550 5.7.1 our policy", Rejected, Reason.FILTERED),
    ("RCPT", "554 something else", Rejected, Reason.REFUSED),
    ("RCPT", f"554 5.7.1 <{ANA}>: Relay access denied", Unavailable, Reason.UNAUTHORIZED),
    ("RCPT", "550 relay not permitted", Unavailable, Reason.UNAUTHORIZED),
    ("RCPT", "550 <sender@relay.blocked.example>: User unknown", Rejected, Reason.NOT_FOUND),
    ("RCPT", "550 192.0.2.1 is listed in zen.spamhaus.org", Rejected, Reason.FILTERED),  # we are, not they
    ("RCPT", "553 5.7.1 Sender address rejected: not owned by user", Unavailable, Reason.SENDER),
    ("RCPT", "550 Sender verify failed", Unavailable, Reason.SENDER),
    ("RCPT", "530 5.7.0 Authentication required", Unavailable, Reason.UNAUTHORIZED),
    ("RCPT", f"450 4.2.0 <{ANA}>: Greylisted", Unavailable, Reason.THROTTLED),
    ("RCPT", "451 4.7.1 try again later", Unavailable, Reason.THROTTLED),
    ("RCPT", "452 4.2.2 mailbox full", Unavailable, Reason.THROTTLED),
    ("MAIL", "550 5.1.1 who are you", Unavailable, Reason.SENDER),
    ("MAIL", "552 5.3.4 too large", Rejected, Reason.TOO_LARGE),
    ("MAIL", "451 4.3.0 try again later", Unavailable, Reason.PROVIDER),
    ("DATA", "552 message too large", Rejected, Reason.TOO_LARGE),
    ("DATA", "552 5.3.4 message too large", Rejected, Reason.TOO_LARGE),
    ("DATA", "554 5.7.1 spam", Rejected, Reason.FILTERED),
    ("DATA", "550 5.6.1 no attachments", Rejected, Reason.ATTACHMENTS),
    ("DATA", "550 5.1.1 unknown after all", Rejected, Reason.NOT_FOUND),
    ("DATA", "451 4.3.0 try again later", Unavailable, Reason.THROTTLED),
]


@pytest.mark.parametrize(("command", "reply", "kind", "reason"), REFUSALS)
async def test_each_refusal_has_its_meaning(
    server: MailServer, command: str, reply: str, kind: type[Exception], reason: Reason
) -> None:
    server.refuse(command, reply)
    failed = await failing(opened(server))
    assert type(failed) is kind
    assert isinstance(failed, Rejected | Unavailable)
    assert failed.reason == reason
    assert not getattr(failed, "uncertain", False)
    assert server.mails == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_closed_door_makes_all_mail_wait(server: MailServer, command: str) -> None:
    server.refuse(command, "421 4.7.0 too many messages")
    failed = await failing(opened(server))
    assert isinstance(failed, Throttled)
    assert failed.whole


async def test_a_mail_over_the_size_that_the_server_announces_is_too_large(pem: Path) -> None:
    async with MailServer(certificate=pem, largest=10_000) as server:
        large = mail(attachments=(Attachment(name="a.pdf", content_type="application/pdf", content=bytes(20_000)),))
        failed = await failing(opened(server), large)
    assert isinstance(failed, Rejected)
    assert failed.reason == Reason.TOO_LARGE


async def test_what_was_lost_after_the_content_may_have_arrived_and_has_the_same_id_again(server: MailServer) -> None:
    server.breaks_off = True
    channel = opened(server)
    failed = await failing(channel)
    assert isinstance(failed, Unavailable)
    assert (failed.reason, failed.uncertain) == (Reason.NETWORK, True)
    server.breaks_off = False
    await channel.send(mail())
    await channel.send(mail("digest:2"))
    first, again, other = (message_from_bytes(one.content)["Message-ID"] for one in server.mails)
    assert first == again != other
    assert first.endswith("@city.example>")
    assert "digest" not in first


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ((), Reason.NETWORK),
        ((b"554 no mail here\r\n",), Reason.PROVIDER),
        ((b"HTTP/1.1 400 Bad Request\r\n",), Reason.PROVIDER),
        ((b"220 hello\r\n",), Reason.NETWORK),
        ((b"220 hello\r\n", b"250 mail.test\r\n", b"250 ok\r\n"), Reason.NETWORK),
        ((b"220 " + b"x" * 100_000 + b"\r\n",), Reason.PROVIDER),
    ],
)
async def test_whatever_listens_there_nothing_was_sent(replies: tuple[bytes, ...], reason: Reason) -> None:
    async with Script(*replies) as script:
        failed = await failing(opened(script, security="none"))
    assert isinstance(failed, Unavailable)
    assert (failed.reason, failed.uncertain) == (reason, False)


async def test_an_answer_to_the_content_that_nobody_understands_leaves_it_open(server: MailServer) -> None:
    server.refuse("DATA", "999 what is this")
    failed = await failing(opened(server))
    assert isinstance(failed, Unavailable)
    assert failed.uncertain


async def test_nobody_listens(server: MailServer) -> None:
    channel = opened(server)
    await server.__aexit__()
    failed = await failing(channel)
    assert isinstance(failed, Unavailable)
    assert (failed.reason, failed.uncertain) == (Reason.NETWORK, False)


async def test_two_recipients_do_not_wait_for_each_other(server: MailServer) -> None:
    server.holds = asyncio.Event()
    channel = opened(server)
    sending = [asyncio.create_task(channel.send(mail(to=to))) for to in (ANA, "bea@city.example")]
    async with asyncio.timeout(10):
        await server.full(len(sending))
    server.holds.set()
    await asyncio.gather(*sending)
    assert {one.recipients for one in server.mails} == {(ANA,), ("bea@city.example",)}


async def test_a_server_that_hangs_takes_no_more_than_some_of_our_hands(server: MailServer) -> None:
    server.holds = asyncio.Event()
    channel = opened(server)
    sending = [asyncio.create_task(channel.send(mail(f"digest:{n}"))) for n in range(_AT_ONCE)]
    async with asyncio.timeout(10):
        await server.full(_AT_ONCE)
    failed = await failing(channel)
    assert isinstance(failed, Throttled)
    assert (failed.seconds, failed.whole) == (1, True)
    server.holds.set()
    await asyncio.gather(*sending)
    await channel.send(mail())


async def test_two_megabytes_arrive_whole(server: MailServer) -> None:
    pdf = bytes(range(256)) * 8000
    await opened(server).send(
        mail(attachments=(Attachment(name="informe.pdf", content_type="application/pdf", content=pdf),))
    )
    message = message_from_bytes(server.mails[0].content, policy=policy.default)
    [file] = list(message.iter_attachments())
    assert file.get_content() == pdf


@pytest.mark.parametrize(
    "address", ["ñandú@city.example", "ana@münchen.example", "ana", "a b@city.example", "a@b>\r\nx"]
)
async def test_an_address_that_no_mail_goes_to_is_a_bad_contact(server: MailServer, address: str) -> None:
    with pytest.raises(Rejected) as refused:
        await opened(server).send(mail(to=address))
    assert refused.value.reason == Reason.NOT_A_NUMBER
    assert address not in str(refused.value)


def test_nothing_comes_in_by_webhook(tmp_path: Path) -> None:
    channel = email.open({"from": FROM, "folder": str(tmp_path)}, {}, "")
    with pytest.raises(Forged):
        channel.read(Webhook(url="/channels/email", headers={}, body=b"", now=NOW))


async def test_without_a_server_mails_are_files_that_a_mail_program_opens(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "mail"
    channel = email.open({"from": FROM, "folder": str(folder)}, {}, "https://city.example")
    with capture_logs() as logs:
        for key in ("digest:1", "digest:1", "digest:2"):
            await channel.send(mail(key))
    assert [one["event"] for one in logs] == ["mail_is_not_sent"]
    files = list(folder.iterdir())
    assert len(files) == 2  # the first was sent twice, as after a kill
    assert {file.suffix for file in files} == {".eml"}
    assert all("ana" not in file.name and file.stat().st_mode & 0o777 == 0o600 for file in files)
    message = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == (ANA, "Semana 47")
    await channel.close()


async def test_a_disk_that_takes_nothing_makes_mail_wait(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file, no folder")
    channel = email.open({"from": FROM, "folder": str(tmp_path / "mail")}, {}, "")
    failed = await failing(channel)
    assert isinstance(failed, Unavailable)
    assert failed.reason == Reason.PROVIDER


@pytest.mark.parametrize(
    ("options", "secrets", "says"),
    [
        ({"from": "Vecino"}, {}, "channels.email.from: write an address"),
        ({"from": "Vecino <a@münchen.example>"}, {}, "channels.email.from: write the part behind the @ in its ASCII"),
        ({"from": "Vecino\r\nBcc: x@y.example <a@b.example>"}, {}, "channels.email.from: "),
        ({"reply_to": "nobody"}, {}, "channels.email.reply_to: write an address"),
        ({"host": "https://mail.city.example"}, {}, "channels.email.host: write the name"),
        ({"host": "mail city"}, {}, "channels.email.host: write the name"),
        ({"port": "many"}, {}, "channels.email.port: write a port"),
        ({"port": "9" * 5000}, {}, "channels.email.port: write a port"),
        ({"host": "none", "folder": "a\0b"}, {}, "channels.email.folder: write the name"),
        ({"port": "70000"}, {}, "channels.email.port: write a port"),
        ({"security": "ssl"}, {}, "channels.email.security: write one of starttls, tls, none"),
        ({"ca": "no/such/file"}, {}, "channels.email.ca: "),
        ({}, {"SMTP_USER": "u"}, "set both SMTP_USER and SMTP_PASSWORD"),
        ({"security": "none"}, LOGIN, "channels.email.security: write starttls or tls"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_what_to_write(
    options: dict[str, str], secrets: dict[str, str], says: str
) -> None:
    with pytest.raises(BadOption) as refused:
        email.open({"host": "mail.city.example", "from": FROM, **options}, secrets, "")
    assert says in str(refused.value)
    assert all(secret not in str(refused.value) for secret in (PASSWORD,))


def test_the_file_is_a_channel_of_its_own() -> None:
    channel = load("email")
    assert (channel.SECRETS, channel.SECRETS_PUBLIC) == ((), ())
    assert channel.OPTIONS["from"] == ""
    assert repr(email.open({"host": HOST, "from": FROM}, LOGIN, "")).count(PASSWORD) == 0
