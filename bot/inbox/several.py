"""Several problems in one message: its pieces, each understood by itself, put together to one part for each problem.

Only a message that has a cut costs more than one question to the model, and no unit of work is open meanwhile.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.ports import Arrival, Places
from bot.whereabouts import place_in
from channels.message import Kind
from handlers.phrases.words import fold
from handlers.reporting.heard import says_same_place
from handlers.reporting.resume import OF_A_REPORT
from handlers.turn import Part
from nlu.contract import REPORT_INTENTS
from nlu.parse import Parse
from nlu.several import Cut, Piece, is_another, pieces
from tickets.model import Place

# Of a report's service: before words that put another on top of it; with a place of its own; without one
RATHER_SURE, SURE, QUITE_SURE = 0.4, 0.6, 0.75
_MAY_TELL = frozenset({*REPORT_INTENTS, None, "provide_location", "add_comment", "out_of_scope"})
_BESIDE = 1  # words beside its place that a piece needs to be a problem


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece and what it means."""

    piece: Piece
    parse: Parse
    place: Place | None = field(repr=False)


async def parts_of(
    arrival: Arrival, parse: Parse | None, understand: Callable[[str], Awaitable[Parse | None]], places: Places
) -> tuple[Part, ...]:
    """The problems that it tells of, where there are several; else none. Raises what understanding raises."""
    found = pieces(arrival.inbound.text) if _may_tell(arrival, parse) else ()
    if len(found) < 2:
        return ()
    heard = []
    for piece in found:
        meaning = await understand(piece.text)
        if meaning is None:
            return ()
        heard.append(Heard(piece, meaning, place_in(piece.text, meaning, places)))
    problems = problems_of(arrival.inbound.text, heard)
    return tuple(problems) if len(problems) > 1 else ()


def problems_of(text: str, heard: Iterable[Heard]) -> Sequence[Part]:
    """The pieces of a text put together: one that begins another problem, each with what follows and belongs to it, in
    the citizen's own words."""
    parts: list[Part] = []
    begin = 0
    for one in heard:
        if not parts or _is_another_problem(one, parts[-1]):
            begin = one.piece.begin
            parts.append(Part(text=one.piece.text, parse=_of_its_kind(one, parts), place=one.place))
        else:
            parts[-1] = _joined(parts[-1], one, text[begin : one.piece.end].strip())
    return parts


def _may_tell(arrival: Arrival, parse: Parse | None) -> bool:
    inbound, dialogue = arrival.inbound, arrival.dialogue
    begins = dialogue is None or dialogue.asked not in OF_A_REPORT
    words = inbound.kind is Kind.MESSAGE and inbound.choice is None
    return begins and words and parse is not None and parse.intent in _MAY_TELL and arrival.citizen.thread is None


def _is_another_problem(one: Heard, part: Part) -> bool:
    """Another service; or the same one, or "another one", at another place. A word that puts it on top, or a list, may
    leave the place out; else it must have its own."""
    strong = one.piece.cut >= Cut.MORE
    if part.parse.intent not in REPORT_INTENTS or part.parse.confidence < (RATHER_SURE if strong else SURE):
        return False
    apart = _apart(one.place, part.place)
    if is_another(one.piece.text) and one.place is not None and apart:
        return True
    if one.parse.intent not in REPORT_INTENTS or one.parse.confidence < SURE or not _tells(one):
        return False
    if one.parse.intent == part.parse.intent:
        return strong and apart and part.place is not None
    if apart and part.place is not None:
        return True
    return strong and (one.parse.confidence >= QUITE_SURE or says_same_place(one.piece.text))


def _apart(one: Place | None, other: Place | None) -> bool:
    """Whether it is a place of its own, and not the other's told more exactly."""
    if one is None or says_same_place(one.words):
        return False
    if other is None:
        return True
    if one.street or other.street:
        return one.street is not None and one.street != other.street
    return fold(one.words) not in fold(other.words)


def _tells(one: Heard) -> bool:
    beside = len(one.piece.text.split()) - (len(one.place.words.split()) if one.place else 0)
    return beside >= _BESIDE


def _of_its_kind(one: Heard, parts: Sequence[Part]) -> Parse:
    """The meaning of a piece; "another one in Mill Road" is of the kind of the one before it."""
    sure = one.parse.intent in REPORT_INTENTS and one.parse.confidence >= SURE
    if parts and not sure and is_another(one.piece.text):
        return replace(one.parse, intent=parts[-1].parse.intent, confidence=parts[-1].parse.confidence)
    return one.parse


def _joined(part: Part, one: Heard, text: str) -> Part:
    """A problem with one more piece about it; who says hello first has not told it yet."""
    tells = part.parse.intent in REPORT_INTENTS or one.parse.intent not in REPORT_INTENTS
    parse = part.parse if tells else one.parse
    return Part(text=text, parse=parse, place=part.place or one.place)
