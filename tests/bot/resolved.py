"""A report that was filed and resolved: what the tests of closure begin with."""

from dataclasses import replace

from bot.i18n import Words
from bot.jobs import talking
from bot.ports import Closure, Rating
from bot.schedule import Schedule
from channels.segments import gsm_safe
from channels.simulator import Style
from tests.bot.conftest import WHOLE
from tests.town import CITY, ScriptedParser, Town, parse
from tickets.model import Author, Event, Status, Ticket, Update

BROKEN = "no sirve, sigue apagado"
NEWS = "¡Buenas noticias!"
ASKED = "¿Usted cómo lo ve: quedó bien?"
JPEG = b"\xff\xd8\xff\xe0"


def know(parser: ScriptedParser) -> None:
    parser.known |= {
        BROKEN: parse("reopen", language="es"),
        "hola": parse("greet", language="es"),
        "gracias": parse("thank", language="es"),
        "hay basura": parse("report_waste", language="es"),
        "el bache sigue igual": parse("report_pothole", language="es"),
        "hay otro bache que no arreglan": parse("report_pothole", language="es"),
        "Muy amables los señores": parse("thank", language="es"),
        "¿cómo va mi reporte?": parse("check_status", language="es"),
    }


def bare(text: str) -> str:
    """Without the accents that an SMS has not."""
    return gsm_safe(text)


async def file(puerto: Town, style: Style = "telegram", phone: str = "p1") -> Ticket:
    await puerto.says(WHOLE, style=style, phone=phone)
    await puerto.says("1", style=style, phone=phone)
    return await newest(puerto, style, phone)


async def newest(puerto: Town, style: Style = "telegram", phone: str = "p1") -> Ticket:
    return (await puerto.tickets(style=style, phone=phone))[0]


async def move(puerto: Town, number: str, to: Status = Status.RESOLVED, note: str = "") -> None:
    ticket = await stored(puerto, number)
    await puerto.desk.move(number=number, to=to, version=ticket.version, login="rosa", note=note)
    await puerto.settle()


async def stored(puerto: Town, number: str) -> Ticket:
    async with puerto.store.view() as view:
        found = await view.tickets.get(number)
    assert found
    return found


async def resolved(puerto: Town, style: Style = "telegram", phone: str = "p1") -> Ticket:
    ticket = await file(puerto, style, phone)
    await move(puerto, ticket.number)
    return await stored(puerto, ticket.number)


async def follow(puerto: Town, number: str, style: Style, phone: str) -> None:
    """Somebody who has written before joins it."""
    await puerto.says("hola", style=style, phone=phone)
    async with puerto.store.work() as work:
        ticket = await work.tickets.get(number)
        citizen = await work.citizens.find(puerto.phones[f"simulated_{style}"].say(phone, "x").sender)
        assert ticket
        assert citizen
        await work.followers.add(number, citizen.id, puerto.clock.now())
        joined = replace(ticket, followers=ticket.followers + 1, version=ticket.version + 1)
        update = Update(
            number=number, version=joined.version, at=puerto.clock.now(), actor=(await work.tickets.history(number))[0].actor,
            event=Event.FOLLOWED,
        )  # fmt: skip
        await work.tickets.change(joined, update)
        await work.commit()


async def minutes_pass(puerto: Town, minutes: float = 1) -> None:
    puerto.clock.forward(minutes=minutes)
    await Schedule(puerto.store, puerto.clock, talking(CITY, Words(CITY))).look()
    await puerto.settle()


async def history(puerto: Town, number: str) -> list[tuple[Event, str]]:
    async with puerto.store.view() as view:
        updates = await view.tickets.history(number)
    return [(update.event, update.note) for update in updates if update.actor.author is Author.CITIZEN]


async def answers(puerto: Town, number: str) -> list[str | None]:
    async with puerto.store.view() as view:
        return [closure.answer for closure in await view.closures.of_ticket(number)]


async def closures(puerto: Town, number: str) -> list[Closure]:
    async with puerto.store.view() as view:
        return list(await view.closures.of_ticket(number))


async def ratings(puerto: Town, number: str) -> list[Rating]:
    async with puerto.store.view() as view:
        return list(await view.ratings.of_ticket(number))
