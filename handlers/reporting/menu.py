"""The numbered menu of services: what anybody can answer on any phone, also when nothing was understood."""

from handlers.phrases.words import digits_alone
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from nlu.contract import service_of
from tickets.city import City
from tickets.ports import Tickets

MORE = "more"
_LIKELY, _WORTH_OFFERING = 3, 0.08


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Not understood, or understanding is down: keep what was said, save insults and the like, and ask for the
    service. What we could not help with just before counts too."""
    said = "" if turn.intent or digits_alone(turn.inbound.text) else turn.inbound.text.strip()
    draft = Draft(place=turn.place, description=said, media=turn.inbound.media)
    before = turn.dialogue.misses if turn.dialogue and turn.dialogue.asked is Asked.NOTHING else 0
    what = Say.NOT_UNDERSTOOD if turn.parse else Say.SORRY_MENU
    return ask(turn, Asked.SERVICE, draft, services_menu(turn, city, what), misses=before + 1)


def services_menu(turn: Turn, city: City, what: Say) -> Reply:
    """The likeliest services when the model has an idea, else all of them; all of them too when it was wrong before."""
    again = turn.dialogue is not None and turn.dialogue.misses > 0
    likely = [] if turn.chosen == MORE or again else _likely(turn, city)
    codes = likely or [service.code for service in city.services]
    options = tuple(Option(code, ServiceName(code)) for code in codes)
    return say(what, *options, *((Option(MORE, Say.MORE),) if likely else ()))


def _likely(turn: Turn, city: City) -> list[str]:
    if turn.parse is None or turn.intent or (turn.dialogue and turn.dialogue.asked is not Asked.SERVICE):
        return []
    guesses = [(service_of(g.name), g.confidence) for g in turn.parse.ranking]
    return [c for c, sure in guesses if c and city.service(c) and sure >= _WORTH_OFFERING][:_LIKELY]
