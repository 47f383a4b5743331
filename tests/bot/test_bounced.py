"""`python -m bot bounced`: real mails whose return address comes back in reports, on both databases."""

import io
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import yaml

from bot.commands.arguments import run
from bot.commands.bounced import NO_PROOF, NO_REPORT, NOT_KNOWN, PASSES, told
from bot.delivery.worker import DeliveryWorker
from bot.digesting.listing import BOUNCED, states
from bot.loop import Workplace
from bot.ports import Failure, Kind, Queued
from channels import BadOption, email
from channels.message import Contact, Outbound
from channels.reason import Reason
from store.database import Database
from tests.bot.digests import email as reader
from tests.channels.bounces import FORMS, report
from tests.peers.mail_server import HOST, MailServer
from tests.store.samples import SECRET, StillClock

ANA, BEA = "ana@city.example", "bea@city.example"
OPTIONS = {"from": "Vecino <vecino@city.example>", "bounces": "back@city.example"}
KEY = {"VECINO_SECRET_KEY": SECRET}


class Office:
    """Staff who get mail that comes back."""

    def __init__(self, database: Database, clock: StillClock, server: MailServer) -> None:
        self.database, self.clock, self.server = database, clock, server
        options = {**OPTIONS, "host": HOST, "port": str(server.port), "security": "none"}
        at = Workplace(store=database, clock=clock, random=Random(1), owner="one", wake=database.bell)
        self.worker = DeliveryWorker(at, channels={"email": email.open(options, KEY, "")})

    async def write(self, key: str, to: str = ANA) -> str:
        """Where it comes back to."""
        contact = Contact(channel="email", address=to)
        async with self.database.work() as work:
            lane = (await work.citizens.lanes([contact]))[contact]
            outbound = Outbound(key=key, recipient=contact, text="12 reportes", subject=f"Semana {key}")
            await work.outbox.enqueue([Queued(outbound=outbound, citizen=lane, kind=Kind.DIGEST)], self.clock.now())
            await work.commit()
        self.clock.forward(1)
        while await self.worker.loop.step():
            pass
        return self.server.mails[-1].sender

    async def told(self, content: bytes) -> str:
        back = email.return_path(OPTIONS, KEY)
        assert back is not None
        return await told(self.database, back, "city.example", content, self.clock)

    async def failures(self) -> list[Failure]:
        async with self.database.view() as view:
            return list((await view.undelivered.page(0, 100)).rows)

    async def state(self, address: str = ANA) -> str:
        async with self.database.view() as view:
            return (await states(view, [reader(address)]))[reader(address)]


@pytest.fixture
async def office(database: Database, clock: StillClock) -> AsyncIterator[Office]:
    async with MailServer(security="none") as server:
        yield Office(database, clock, server)


@pytest.mark.parametrize("form", FORMS)
async def test_who_is_no_mailbox_is_told_later_and_gets_no_more(office: Office, form: str) -> None:
    back = await office.write("1")
    assert back.startswith("back+b-")
    said = await office.told(report(back, ANA, form))
    assert said == "says that an...@city.example is no mailbox (not_found): it gets no more mail"
    assert await office.state() == BOUNCED
    [failure] = await office.failures()
    assert (failure.to, failure.reason, failure.text) == (ANA, Reason.NOT_FOUND, "Semana 1")
    await office.write("2")
    assert len(office.server.mails) == 1
    assert await office.told(report(back, ANA, form)) == NOT_KNOWN


async def test_an_old_report_says_nothing_once_a_clerk_has_set_the_address_right(office: Office) -> None:
    back = await office.write("1")
    await office.told(report(back, ANA))
    [failure] = await office.failures()
    async with office.database.work() as work:
        await work.undelivered.again(failure.id, office.clock.now())
        await work.commit()
    new = await office.write("2")
    assert await office.told(report(back, ANA)) == NOT_KNOWN
    assert await office.state() == ""
    assert await office.told(report(new, ANA)) != NOT_KNOWN
    assert await office.state() == BOUNCED


async def test_nobody_is_silenced_by_a_report_that_was_made_up(office: Office) -> None:
    back = await office.write("1")
    forged = [back.replace("+b-", "+b-a"), "back@city.example", "back+b-" + "a" * 40 + "@city.example"]
    for address in (*forged, f"{office.server.mails[0].content[:200]!r}"):
        assert await office.told(report(address, ANA)) == NO_PROOF
    assert await office.told(b"Subject: I am away\r\n\r\nuntil Monday") == NO_REPORT
    assert await office.state() == ""
    assert await office.failures() == []


async def test_who_has_the_secret_address_of_one_mail_ends_nobody_else_s(office: Office) -> None:
    mine, _ = await office.write("1", BEA), await office.write("2", ANA)
    said = await office.told(report(mine, ANA))
    assert "refused" in said
    assert await office.state(ANA) == await office.state(BEA) == ""


async def test_an_address_that_is_forwarded_to_several_stays_a_good_one(office: Office) -> None:
    back = await office.write("1", BEA)
    said = await office.told(report(back, "left@other.example"))
    assert said == "says that a mail to le...@other.example was refused (refused); it stands at /desk/undelivered"
    assert await office.state(BEA) == ""
    assert [one.reason for one in await office.failures()] == [Reason.REFUSED]


@pytest.mark.parametrize(
    "what",
    [{"status": "4.4.1", "said": "421 later"}, {"action": "delayed", "status": "4.0.0"}, {"action": "delivered"}],
)
async def test_what_may_pass_changes_nothing(office: Office, what: dict[str, str]) -> None:
    back = await office.write("1")
    assert await office.told(report(back, ANA, **what)) == PASSES
    assert await office.state() == ""
    assert await office.failures() == []


async def test_spam_is_no_bad_address(office: Office) -> None:
    back = await office.write("1")
    assert "(filtered); it stands" in await office.told(report(back, ANA, status="5.7.1", said="550 5.7.1 spam"))
    assert await office.state() == ""


@pytest.mark.parametrize(
    ("bounces", "secrets", "advice"),
    [
        ("back", KEY, "write an address"),
        ("back+x@city.example", KEY, "no [+]"),
        ("b" * 22 + "@city.example", KEY, "at most 21 letters"),
        ("back@city.example", {}, "needs VECINO_SECRET_KEY"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(bounces: str, secrets: dict[str, str], advice: str) -> None:
    with pytest.raises(BadOption, match=rf"channels\.email\.bounces: .*{advice}"):
        email.open({**OPTIONS, "bounces": bounces}, secrets, "")


async def test_without_the_setting_mail_leaves_as_before(database: Database, clock: StillClock) -> None:
    async with MailServer(security="none") as server:
        office = Office(database, clock, server)
        options = {"from": OPTIONS["from"], "host": HOST, "port": str(server.port), "security": "none"}
        office.worker = DeliveryWorker(
            Workplace(store=database, clock=clock, random=Random(1), owner="one", wake=database.bell),
            channels={"email": email.open(options, KEY, "")},
        )
        assert await office.write("1") == "vecino@city.example"


ROOT = Path(__file__).parents[2]


class Terminal:
    """The command as a mail server or an administrator runs it, with a database of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.set("VECINO_SECRET_KEY", SECRET)
        self.set("VECINO_VAR", str(folder / "var"))
        self.configure(bounces=OPTIONS["bounces"])

    def set(self, name: str, value: str) -> None:
        self._monkeypatch.setenv(name, value)

    def configure(self, **mail: str) -> None:
        city = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
        city["mode"] = "live"
        city["channels"] = {"email": {"enabled": True, "host": HOST, "from": OPTIONS["from"], **mail}}
        (self.folder / "config.yml").write_text(yaml.safe_dump(city), encoding="utf-8")

    def run(self, *arguments: str, typed: bytes = b"") -> int:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        self._monkeypatch.setattr(sys, "argv", ["bot", "--config", str(self.folder / "config.yml"), *arguments])
        return run()


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(tmp_path, monkeypatch)


def test_a_mail_server_pipes_one_mail_into_it(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    back = email.return_path(OPTIONS, KEY)
    assert back is not None
    gone = report(back.of("0" * 32 + "@city.example"), ANA)
    for typed, said in [(gone, NOT_KNOWN), (report("x@y.example", ANA) + b"x" * 9_000_000, NO_PROOF), (b"", NO_REPORT)]:
        assert terminal.run("bounced", typed=typed) == 0
        assert capsys.readouterr().out == f"the message {said}\n"


@pytest.mark.parametrize("maildir", [True, False])
def test_a_folder_is_read_as_often_as_wanted_and_left_as_it_was(
    terminal: Terminal, capsys: pytest.CaptureFixture[str], *, maildir: bool
) -> None:
    folder = terminal.folder / "mails"
    for part in ("cur", "new", "tmp") if maildir else ("",):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / "1.eml").write_bytes(b"Subject: x\r\n\r\n")
        (folder / part / "2.eml").mkdir()
    before = sorted(folder.rglob("*"))
    for _ in range(2):
        assert terminal.run("bounced", "--folder", str(folder)) == 0
        assert capsys.readouterr().out.splitlines() == [f"1.eml {NO_REPORT}"] * (2 if maildir else 1)
    assert sorted(folder.rglob("*")) == before


def test_the_mail_server_is_to_try_again_where_it_cannot_be_read_now(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal.run("bounced", "--folder", str(terminal.folder / "nowhere")) == 75
    assert "cannot be read (No such file or directory)" in capsys.readouterr().err
    terminal.set("VECINO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert terminal.run("bounced", typed=b"") == 75
    terminal.configure()
    assert terminal.run("bounced", typed=b"") == 75
    assert "set channels.email.bounces" in capsys.readouterr().err


async def test_a_refused_recipient_at_sending_and_one_later_look_alike(office: Office) -> None:
    office.server.refuse(BEA, "550 5.1.1 unknown")
    back = await office.write("1")
    await office.write("1b", BEA)
    await office.told(report(back, ANA))
    assert await office.state(ANA) == await office.state(BEA) == BOUNCED
    first, second = await office.failures()
    assert first.reason == second.reason
