"""A report inside something else: an insult, a joke, a question that no answer of ours fits. Who names one of our
services, or a place, most often wants something done there."""

from dataclasses import replace

from handlers.phrases.naming import services_named
from handlers.turn import Turn
from nlu.contract import REPORT, service_of
from nlu.parse import Parse
from tickets.city import City

_LIKELY = 0.25  # the model's best service from which the citizen is asked which one it is
_NAMED = 0.1  # the same for a service that the words name


def as_report(turn: Turn, city: City) -> Turn | None:
    """The message as a report of the service it names, or (its intent None) of one to be asked for; None where it is
    what the model says."""
    parse = turn.parse
    if parse is None or not turn.inbound.text.strip():
        return None
    ranked = [(code, guess.confidence) for guess in parse.ranking if (code := service_of(guess.name))]
    sure = {code: confidence for code, confidence in ranked if city.service(code)}
    likeliest, placed = max(sure, key=lambda code: sure[code], default=""), _is_placed(turn)
    named = next(iter(services_named(turn.inbound.text)), "")
    if city.service(named) and (placed or (named == likeliest and sure[named] >= _NAMED)):
        return replace(turn, parse=_read_as(parse, REPORT + named, sure.get(named, 0)))
    if placed or sure.get(likeliest, 0) >= _LIKELY:
        return replace(turn, parse=_read_as(parse, None, 0))
    return None


def _is_placed(turn: Turn) -> bool:
    """Whether they name a place that our gazetteer knows: a football club is none."""
    return turn.place is not None and bool(turn.place.point or turn.place.street or turn.place.area)


def _read_as(parse: Parse, intent: str | None, confidence: float) -> Parse:
    return replace(parse, intent=intent, confidence=confidence)
