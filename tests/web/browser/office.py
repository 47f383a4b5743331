"""The demo city's office: wired as in production, its clock stands still, nobody works but those who hold a browser."""

import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pyotp
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from PIL import Image, ImageDraw

from bot.app import build
from bot.config import Config, load
from bot.desk.bulk_book import Order, What
from bot.ports import Clerk, Kind, Pass, Queued, Said, SavedList, Session, Store
from bot.ports.audit import Deed, Entry
from bot.ports.hooks import Hook, Setback
from bot.ports.keys import Key, Scope
from bot.ports.links import Referral
from bot.roles.process import Vecino
from channels.message import Contact, Inbound, Media, Outbound
from channels.reason import Reason
from handlers.effects import ThreadKind
from store.files import Files
from store.seal import Seal
from tests.town import START, Clock, ScriptedParser
from tickets.calendar import due_at
from tickets.casework import refer
from tickets.city import Canned, City, Partner
from tickets.happening import Happening
from tickets.model import CITIZEN, Actor, Author, Place, Point, Priority, Status, Ticket
from tickets.rights import Role
from tickets.routing import Rule
from tickets.workflow import comment, filed, move, reopen
from web.ports import WEB

LANGUAGES = ("es", "pt", "en", "fr")
PASSWORD = "a few words in a row"
SECOND = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # the second factor of the one who has one
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_KEY = "k" * 40
_ROOT = Path(__file__).parents[3]
# login, name, role, department, sees numbers
STAFF = (
    ("ana", "Ana Ruiz", Role.CLERK, "roads", False),
    ("bruno", "Bruno Sá", Role.CLERK, "cleaning", False),
    ("sofia", "Sofía Núñez-Villavicencio", Role.SUPERVISOR, None, True),
    ("ada", "Ada Keller", Role.ADMIN, None, True),
    ("theo", "Théo Lefèvre", Role.AUDITOR, None, False),
)
MAIN, TWIN, CLOSED, PARKED = "7K3-9QX", "84G-7ZR", "Z1R-V01", "F0P-0V8"
# who did it, what, to what, and more
_DEEDS = (
    ("ada", Deed.LOGGED_IN, "", "Chrome on Linux"),
    ("ada", Deed.ACCOUNT_ADDED, "bruno", ""),
    ("sofia", Deed.LOGGED_IN, "", "Firefox on Windows"),
    ("sofia", Deed.CONTACT_SEEN, MAIN, ""),
    ("ana", Deed.LOG_IN_FAILED, "", ""),
    ("ana", Deed.LOGGED_IN, "", "Chrome on Android"),
    ("sofia", Deed.SETTING_CHANGED, "canned looking", ""),
    ("theo", Deed.EXPORTED, "audit.csv", ""),
    ("ada", Deed.ACCOUNT_ENDED, "vera", ""),
)
_HERE = Place(
    words="Av. Bolívar 123, frente a la panadería",
    street="Avenida Bolívar",
    area="centro",
    point=Point(latitude=14.6001, longitude=-66.5002),
)
_WORDS = "hay un bache enorme en Av. Bolívar 123\n\nمرحبا، الحفرة كبيرة جدا <b>هنا</b>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A city with some tickets and a staff. `named`: what places' addresses need that is only known once it is there
    (`thread`, `danger`, `outside`, `ended`, `invitation`, `stop`)."""

    vecino: Vecino
    clock: Clock
    url: str
    city: City
    named: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.vecino.store

    async def session(self, login: str, *, passed: bool = True) -> str:
        """The cookie of a log-in that began just now."""
        now, token = self.clock.now(), secrets.token_urlsafe(32)
        session = Session(
            token=token, login=login, csrf=secrets.token_urlsafe(32), expires_at=now + timedelta(hours=12),
            opened_at=now, seen_at=now, agent="Chrome on Linux", passed_at=now if passed else None,
        )  # fmt: skip
        async with self.store.work() as work:
            await work.clerks.open_session(session)
            await work.commit()
        return token

    async def ticket(self, number: str = MAIN) -> Ticket:
        async with self.store.view() as view:
            found = await view.tickets.get(number)
        assert found, number
        return found


def code() -> str:
    """What the app of the second factor shows now."""
    return pyotp.TOTP(SECOND).at(START)


@asynccontextmanager
async def office(folder: Path, database: Path) -> AsyncIterator[Office]:
    """`database`: migrated, empty or with an invented past that was sealed under `seal()`."""
    shutil.copy(database, folder / "vecino.sqlite")
    config, clock = _config(folder), Clock()
    vecino = await build(config, ScriptedParser(), clock=clock, durable=False, random=Random(7))
    await vecino.prepare()
    server = TestServer(vecino.web)
    await server.start_server()
    here = Office(vecino=vecino, clock=clock, url=str(server.make_url("/")).rstrip("/"), city=config.city)
    try:
        await _staff(here)
        await _work(here, Files(config.settings.var / "files", Seal(_KEY)))
        yield here
    finally:
        await server.close()
        await vecino.store.close()


def seal() -> Seal:
    return Seal(_KEY)


def _config(folder: Path) -> Config:
    """The demo's, with e-mail to files, and one body beyond the city."""
    (folder / "config.yml").write_text(
        (_ROOT / "config.yml")
        .read_text(encoding="utf-8")
        .replace("email: {enabled: false, host: mail.puerto-vecino.example,", "email: {enabled: true,")
    )
    url = f"sqlite:///{folder / 'vecino.sqlite'}"
    environment = {"VECINO_VAR": str(folder / "var"), "VECINO_SECRET_KEY": _KEY, "VECINO_DATABASE_URL": url}
    config = load(folder / "config.yml", environment)
    body = Partner(
        names=dict(zip(LANGUAGES, ("Eléctrica", "Elétrica", "Power company", "Électricité"), strict=True)),
        address="desk@power.example", language="pt",
    )  # fmt: skip
    reply = Canned(
        code="looking", names=dict(zip(LANGUAGES, ("Miramos", "Vemos", "Looking", "On regarde"), strict=True)),
        texts=dict.fromkeys(LANGUAGES, "{service} {number}: mañana pasamos a mirar."),
    )  # fmt: skip
    city = replace(
        config.city, partners=(*config.city.partners, body), canned=(*config.city.canned, reply),
        routing=(*config.city.routing, Rule(code="bikes", department="parks", words=("ciclovía",))),
    )  # fmt: skip
    return replace(config, city=city, settings=replace(config.settings, public_url="http://127.0.0.1"))


async def _staff(here: Office) -> None:
    async with here.store.work() as work:
        for login, name, role, department, contacts in STAFF:
            await work.clerks.add(Clerk(
                login=login, name=name, language="en", password=_HASH, role=role, department=department,
                contacts=contacts, made_at=START - timedelta(days=90),
                second=SECOND if login == "ada" else None,
            ))  # fmt: skip
        await work.clerks.add(
            Clerk(login="vera", name="Vera", language="fr", password=_HASH, role=Role.CLERK, ended_at=START)
        )
        await work.clerks.save("sofia", SavedList(name="Sin responsable", query="status=open&assignee=nobody"), START)
        for minutes, (login, deed, subject, detail) in enumerate(_DEEDS):
            at = START - timedelta(minutes=90 - 7 * minutes)
            await work.audit.note(Entry(at=at, login=login, deed=deed, subject=subject, detail=detail))
        await work.commit()


async def _work(here: Office, files: Files) -> None:
    """One ticket on which everything has happened, its twin, closed ones, conversations, and what reached nobody."""
    await _cases(here, files)
    await _talks(here)
    await _failures(here)
    await _batches(here)


def _new(here: Office, number: str, words: str, **more: object) -> Ticket:
    at = START - timedelta(days=3)
    service = here.city.service("pothole")
    assert service
    ticket = Ticket(
        number=number, service="pothole", department="roads", status=Status.RECEIVED, priority=Priority.NORMAL,
        place=_HERE, description=words, reporter=1, channel="simulated_sms", language="es", confidence=0.58,
        filed_at=at, due_at=due_at(at, service.target_for(Priority.NORMAL, "centro"), here.city.calendar),
    )  # fmt: skip
    return replace(ticket, **more)  # type: ignore[arg-type]


async def _cases(here: Office, files: Files) -> None:
    calendar, clerk = here.city.calendar, Actor(author=Author.CLERK, name="ana")
    sender = Contact(channel="simulated_sms", address="+15550142")
    async with here.store.work() as work:
        await work.inbox.accept([Inbound(sender=sender, external_id="seed", received_at=START, text="hola")])
        reporter = (await work.citizens.lanes([sender]))[sender]
        main = _new(here, MAIN, _WORDS, reporter=reporter)
        await work.tickets.file(main, filed(main, actor=CITIZEN))
        for step in (
            lambda it: move(it, Status.RESOLVED, calendar, actor=clerk, at=START - timedelta(days=2), note="Listo."),
            lambda it: reopen(it, at=START - timedelta(days=1)),
            lambda it: comment(it, actor=CITIZEN, at=START, note="\u202eلا يزال\u202c هنا " + "a" * 90, public=True),
            lambda it: comment(it, actor=clerk, at=START, note="Cuadrilla mañana", public=False),
        ):
            main, update = step(main)
            await work.tickets.change(main, update)
        told = Outbound(key="k1", recipient=sender, text="7K3-9QX: Listo.")
        await work.outbox.enqueue([Queued(outbound=told, citizen=reporter, number=MAIN, version=2)], START)
        for number, more in (
            (TWIN, {"description": "un hueco en la calle", "reporter": reporter}),
            (CLOSED, {"reporter": reporter, "service": "lighting", "department": "electric"}),
            (PARKED, {"reporter": reporter, "service": "lighting", "department": "electric"}),
        ):
            one = _new(here, number, "no hay luz", **more)
            await work.tickets.file(one, filed(one, actor=CITIZEN))
            if number == CLOSED:
                await work.tickets.change(*move(one, Status.RESOLVED, calendar, actor=clerk, at=START, note="Sí"))
            if number == PARKED:
                given = refer(one, "Eléctrica", actor=clerk, at=START, note="Su poste")
                await work.tickets.change(*given)
                await _referred(here, work, number)
        await _photo(work, files)
        await work.commit()


def _road() -> Image.Image:
    """Drawn: a hole in a road."""
    road = Image.new("RGB", (640, 480), "#6f7275")
    pen = ImageDraw.Draw(road)
    pen.rectangle((0, 0, 640, 90), fill="#b9b2a4")
    for x in range(20, 640, 160):
        pen.polygon(((x, 430), (x + 90, 430), (x + 80, 450), (x - 10, 450)), fill="#e8c64a")
    pen.ellipse((180, 190, 500, 360), fill="#4a4c4e")
    pen.ellipse((205, 215, 480, 350), fill="#2b2b2c")
    pen.ellipse((250, 270, 430, 340), fill="#49545c")
    return road


async def _referred(here: Office, work: object, number: str) -> None:
    for name, ended in (("outside", False), ("ended", True)):
        token = secrets.token_urlsafe(32)
        referral = Referral(
            id=0, number=number, body="Eléctrica", address="desk@power.example", language="es", note="Su poste",
            at=START, login="ana",
        )  # fmt: skip
        wanted = await work.referrals.add(referral, token)  # type: ignore[attr-defined]
        if ended:
            await work.referrals.end(wanted, START)  # type: ignore[attr-defined]
        here.named[name] = token


async def _photo(work: object, files: Files) -> None:
    kept = BytesIO()
    _road().save(kept, "JPEG")
    name = await files.put(kept.getvalue(), "image/jpeg")
    await work.photos.add(MAIN, "simulated_sms", [Media(reference="r", content_type="image/jpeg")], START)  # type: ignore[attr-defined]
    for one in await work.photos.claim("office", START, 30, 9):  # type: ignore[attr-defined]
        await work.photos.fetched(one, name, START)  # type: ignore[attr-defined]


async def _batches(here: Office) -> None:
    """One act on many that was only looked at, and one that was done."""
    bulk = here.vecino.web[WEB].bulk
    async with here.store.view() as view:
        sofia = await view.clerks.get("sofia")
    assert sofia
    order = Order(what=What.PRIORITY, to="urgent", note="muchos")
    here.named["batch"], here.named["done"] = [
        str(await bulk.look_at(numbers, order, sofia)) for numbers in ([MAIN, TWIN, CLOSED], [CLOSED, PARKED])
    ]
    await bulk.confirm(int(here.named["done"]), sofia)
    await bulk.working.go_on(int(here.named["done"]))


async def _talks(here: Office) -> None:
    talks = (
        ("thread", ThreadKind.ASKED, "simulated_whatsapp", "+15550177", "quiero hablar con una persona, مرحبا"),
        ("emergency", ThreadKind.EMERGENCY, "simulated_sms", "+15550178", "hay un incendio en la esquina"),
        ("danger", ThreadKind.DANGER, "simulated_telegram", "179", ""),
    )
    async with here.store.work() as work:
        for name, kind, channel, address, words in talks:
            sender = Contact(channel=channel, address=address)
            await work.inbox.accept([Inbound(sender=sender, external_id=name, received_at=START, text=words)])
            citizen = (await work.citizens.lanes([sender]))[sender]
            at = START - timedelta(minutes=8 + len(words))
            thread = await work.threads.open(citizen, kind, at, silent=kind is ThreadKind.ASKED)
            if words:
                await work.threads.write(thread.id, CITIZEN, Said(text=words), at)
            here.named[name] = str(thread.id)
        here.named["invitation"] = "i" * 43
        await work.clerks.issue("bruno", Pass.INVITATION, ["i" * 43], START + timedelta(days=7))
        here.named["rule"] = "bikes"
        here.named["stop"] = work.unsubscribed.token("mayor@city.example", START + timedelta(days=9))
        reader = Contact(channel="email", address="ana@correo.example")
        asked = (await work.citizens.lanes([reader]))[reader]
        await work.askings.asked(asked, START)
        here.named["confirm"] = work.askings.token(asked, START + timedelta(days=9))
        here.named["silence"] = work.silenced.token(reader, START + timedelta(days=9))
        await work.commit()
    await _subscribers(here)
    await _keys(here)


async def _keys(here: Office) -> None:
    """One that does all and lasts, and one that was taken back."""
    every = Key(name="Compañía de Arreglos & Hijos", scopes=frozenset(Scope), rate=600, made_at=START, made_by="ada")
    until = replace(every, name="App", scopes=frozenset({Scope.FILE}), expires_at=START + timedelta(days=365))
    async with here.store.work() as work:
        for key in (every, until, replace(every, name="Old")):
            await work.keys.add(key, key.name)
        await work.keys.revoke("Old", START)
        await work.commit()


async def _subscribers(here: Office) -> None:
    """One that is well, and one that refuses what it is told."""
    filters = {"services": ("lighting",), "happenings": (Happening.FILED, Happening.CLOSED)}
    new = Hook(name="Planner", url="https://planner.example/in", secrets=(b"s" * 32,), made_at=START, due=START)
    async with here.store.work() as work:
        await work.hooks.add(replace(new, **filters))  # type: ignore[arg-type]
        which = await work.hooks.add(replace(new, name="Compañía Eléctrica & Hijos", url="https://power.example/in"))
        await work.hooks.replay(which, START - timedelta(days=3), START)
        await work.hooks.refill(START)
        one = await work.hooks.get(which)
        refused = Setback(status=500, trouble="status", again=None, hold=START)
        for event in await work.hooks.claim(one, "office", START, START, 2) if one else ():
            await work.hooks.failed(event, refused, START)
        await work.commit()
    here.named["hook"] = str(which)


async def _failures(here: Office) -> None:
    """Two that were not told, and words that nobody could handle."""
    lost = (("lost", "+15550199", MAIN, "Listo."), ("late", "+15550198", TWIN, "Vamos el lunes."))
    async with here.store.work() as work:
        for key, address, number, text in lost:
            contact = Contact(channel="simulated_sms", address=address)
            arrival = Inbound(sender=contact, external_id=key, received_at=START, text="<i>¿y mi reporte?</i>")
            await work.inbox.accept([arrival])
            citizen = (await work.citizens.lanes([contact]))[contact]
            told = Outbound(key=key, recipient=contact, text=f"{number}: {text}")
            queued = Queued(outbound=told, citizen=citizen, kind=Kind.NOTICE, number=number, version=2)
            await work.outbox.enqueue([queued], START)
        for departure in await work.outbox.claim("office", START, 60, 10):
            if departure.outbound.key in ("lost", "late"):
                await work.outbox.failed(departure, Reason.UNREACHABLE, START)
        await work.outbox.release("office")
        for one in await work.inbox.claim("office", START, 60, 9):
            if one.inbound.external_id == "lost":
                await work.inbox.set_aside(one, START, "Error")
        await work.inbox.release("office")
        here.named["missed"] = str((await work.undelivered.page(0, 1)).rows[0].id)
        await work.commit()
