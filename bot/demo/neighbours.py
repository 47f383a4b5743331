"""A small demo town: some invented neighbours have reported things before you came. Demo mode only."""

from datetime import datetime, timedelta
from random import Random

from bot.ports import Places, Store, UnitOfWork
from channels.message import Contact
from tickets.calendar import due_at
from tickets.city import City
from tickets.model import CITIZEN, Actor, Author, Priority, Status, Ticket
from tickets.number import new_number
from tickets.workflow import filed, move

_Row = tuple[str, str, str, str, str, int, Status, str]
_NEW, _SEEN, _DOING, _WAITS = Status.RECEIVED, Status.TRIAGED, Status.IN_PROGRESS, Status.WAITING
_DONE, _NOT = Status.RESOLVED, Status.DECLINED

# phone, language, service, place, what was said, hours ago, where it stands, the clerk's note
_REPORTS: tuple[_Row, ...] = (
    ("sms", "es", "lighting", "Calle 8 con Paseo del Parque", "llevamos tres noches a oscuras en la esquina", 70, _DOING, "Cuadrilla mañana"),
    ("whatsapp", "pt", "waste", "Rua das Flores 55", "faz uma semana que o caminhão do lixo não passa", 49, _SEEN, ""),
    ("telegram", "en", "pothole", "Market Street 40", "second tyre I lose to that hole by the bus stop", 30, _NEW, ""),
    ("sms", "fr", "water", "14 rue des Écoles", "l'eau sort du trottoir depuis ce matin", 3, _NEW, ""),
    ("telegram", "es", "tree", "frente a la Escuela República", "una rama grande quedó colgando sobre la vereda", 26, _DOING, ""),
    ("whatsapp", "en", "noise", "Station Road 12", "the workshop grinds metal until 2 am", 100, _DONE, "Agreed on hours with the owner."),
    ("sms", "pt", "animal", "Travessa do Cais 3", "ninho de ratos atrás do mercado velho", 20, _NEW, ""),
    ("whatsapp", "fr", "sidewalk", "boulevard de la République 8", "les fauteuils roulants ne passent plus", 200, _WAITS, "Pavés commandés"),
    ("telegram", "pt", "traffic_signal", "Avenida do Porto com Travessa do Cais", "o sinal pisca amarelo desde ontem", 8, _SEEN, ""),
    ("sms", "en", "graffiti", "St Mary's Church", "someone smashed the notice board", 150, _NOT, "The board belongs to the parish."),
    ("telegram", "fr", "vehicle", "avenue du 12 Octobre", "une épave sans roues depuis trois mois", 120, _DONE, "Enlevée ce matin."),
    ("whatsapp", "es", "other", "Parque Norte", "los juegos de los niños están rotos", 55, _NEW, ""),
)  # fmt: skip
_CLERK = Actor(author=Author.CLERK, name="demo")


async def load_demo(store: Store, city: City, places: Places, now: datetime) -> int:
    """File the invented reports unless the town has some already; how many were filed."""
    random = Random(7)  # noqa: S311 - the same town each time
    async with store.work() as work:
        if any((await work.tickets.count_by_status()).values()):
            return 0
        contacts = [Contact(channel=f"simulated_{row[0]}", address=f"neighbour-{row[0]}-{row[1]}") for row in _REPORTS]
        lanes = await work.citizens.lanes(set(contacts))
        for row, contact in zip(_REPORTS, contacts, strict=True):
            await _file(work, city, places, now, row, lanes[contact], contact.channel, new_number(random))
        await work.commit()
    return len(_REPORTS)


async def _file(
    work: UnitOfWork, city: City, places: Places, now: datetime, row: _Row, reporter: int, channel: str, number: str
) -> None:
    _, language, service, words, said, hours, status, note = row
    offered, at = city.service(service), now - timedelta(hours=hours)
    if offered is None:
        return
    place = places.resolve(words)
    ticket = Ticket(
        number=number, service=service, department=offered.department, status=Status.RECEIVED,
        priority=Priority.NORMAL, place=place, description=said, reporter=reporter,
        channel=channel, language=language, confidence=0.9, filed_at=at,
        due_at=due_at(at, offered.target_for(Priority.NORMAL, place.area), city.calendar),
    )  # fmt: skip
    await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
    if status is not Status.RECEIVED:
        moved, update = move(
            ticket, status, city.calendar, actor=_CLERK, at=at + timedelta(hours=hours / 2), note=note
        )  # fmt: skip
        await work.tickets.change(moved, update)
