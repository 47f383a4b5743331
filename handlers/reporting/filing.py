"""A draft's end: the summary that is confirmed, and the ticket that is filed."""

from handlers.effects import AlertStaff, Effect, FileTicket
from handlers.routes import led
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.calendar import due_at
from tickets.city import Ask, City, Service
from tickets.model import CITIZEN, Place, Priority, Status, Ticket
from tickets.workflow import filed

_YES, _NO = Option("yes", Say.YES), Option("no", Say.NO)


def summary(draft: Draft, city: City) -> Reply:
    """What will be sent, and whether to; a photo is offered where the service can use one."""
    service = city.service(draft.service or "")
    wants_photo = service is not None and Ask.PHOTO in service.asks and not draft.media
    question = Say.CONFIRM_PHOTO if wants_photo else Say.CONFIRM
    return say(question, _YES, _NO, service=ServiceName(draft.service or ""), place=draft.place or Place())


def confirm(turn: Turn, city: City, draft: Draft, *replies: Reply, misses: int = 0) -> Answer:
    """The summary as the open question."""
    return ask(turn, Asked.CONFIRM, draft, *replies, summary(draft, city), misses=misses)


def file_report(turn: Turn, city: City, draft: Draft) -> Answer:
    """The ticket and its receipt. Drafts that wait are gone on with by converse(), as after every end of a draft. A
    service that the city withdrew meanwhile is asked for again by the next message."""
    service = city.service(draft.service or "")
    if service is None:
        return ask(turn, Asked.SERVICE, draft, say(Say.WHICH_SERVICE, *_services(city)))
    ticket = _ticket(turn, city, service, draft)
    receipt = say(
        Say.RECEIPT_URGENT if draft.danger else Say.RECEIPT,
        number=ticket.number,
        service=ServiceName(ticket.service),
        place=ticket.place,
        due=ticket.due_at,
    )
    effects: tuple[Effect, ...] = (FileTicket(ticket=ticket, update=filed(ticket, actor=CITIZEN), media=draft.media),)
    if draft.danger:
        effects = (*effects, AlertStaff(number=ticket.number))
    return Answer(replies=(receipt,), effects=effects)


def _ticket(turn: Turn, city: City, service: Service, draft: Draft) -> Ticket:
    priority, place = Priority.EMERGENCY if draft.danger else Priority.NORMAL, draft.place or Place()
    words = "\n".join(filter(None, (draft.description, draft.details)))
    to = led(city, service, place, words)
    return Ticket(
        number=turn.number,
        service=service.code,
        department=to.department,
        route=to.rule,
        status=Status.RECEIVED,
        priority=priority,
        place=place,
        description=words,
        reporter=turn.citizen.id,
        channel=turn.citizen.contact.channel,
        language=turn.language,
        confidence=draft.confidence,
        filed_at=turn.now,
        due_at=due_at(turn.now, service.target_for(priority, place.area), city.calendar),
        answers=_told(service, draft),
    )


def _told(service: Service, draft: Draft) -> tuple[tuple[str, str], ...]:
    """The answers to this service's questions; those to another's, which the citizen corrected, are not."""
    return tuple((code, answer) for code, answer in draft.answers if answer and service.question(code))


def _services(city: City) -> tuple[Option, ...]:
    return tuple(Option(service.code, ServiceName(service.code)) for service in city.services)
