"""What a message tells of a report under way: its service, its place, more words; and whether it was told before."""

from dataclasses import replace

from handlers.phrases.repetition import is_repetition
from handlers.phrases.words import NO, SAME_PLACE, YES, begins_with_short_no, digits_alone, does_not_know, fold, says
from handlers.turn import Asked, Draft, Turn
from nlu.contract import service_of
from tickets.city import City
from tickets.model import Place
from tickets.ports import Tickets

NO_PLACE = frozenset({"affirm", "deny", "greet", "thank", "goodbye", "abuse"})  # no answer to "where is it?"


def service_said(turn: Turn, city: City) -> tuple[str | None, float | None]:
    """The service that is chosen, named or reported, and how sure the model is of it."""
    if turn.chosen and city.service(turn.chosen):
        return turn.chosen, 1.0
    if named := _named(turn, city):
        return named, 1.0
    if digits_alone(turn.inbound.text):
        return None, None
    code = service_of(turn.intent) if turn.intent else None
    if turn.parse and code and city.service(code):
        return code, turn.parse.confidence
    return None, None


def _named(turn: Turn, city: City) -> str | None:
    """Asked what it is about, people write a line of the menu."""
    if turn.dialogue is None or turn.dialogue.asked is not Asked.SERVICE:
        return None
    folded = fold(turn.inbound.text)
    return next((one.code for one in city.services if folded in map(fold, one.names.values())), None)


def misses(turn: Turn) -> int:
    """How often in a row we did not get an answer, this message included. A photo without a word is none to count: a
    phone sends four of them as four messages."""
    if turn.dialogue is None:
        return 1
    return turn.dialogue.misses + (0 if turn.inbound.media and not turn.inbound.text.strip() else 1)


def so_far(turn: Turn) -> int:
    """The misses before this message, where it is none."""
    return turn.dialogue.misses if turn.dialogue else 0


def says_option(turn: Turn, option: str, intent: str) -> bool:
    """Whether it is yes or no, by button, digit, word or intent."""
    if turn.chosen:
        return turn.chosen == option
    words, against = (YES, NO) if option == "yes" else (NO, YES)
    text = turn.inbound.text
    if says(text, words):
        return True
    return turn.intent == intent and not says(text, against) and not (words is YES and begins_with_short_no(text))


def described(draft: Draft, turn: Turn) -> Draft:
    """The draft with this message's words behind the earlier ones: whatever a citizen tells reaches the clerk, once."""
    said = turn.inbound.text.strip()
    if said in draft.description or told_again(turn) or digits_alone(said):
        return draft
    return replace(draft, description=f"{draft.description}\n{said}".strip())


def with_old_place(draft: Draft) -> Draft:
    """The draft with the words of its place in the description, for another place takes theirs: "frente a la escuela",
    and then "calle 8", may both be true."""
    words = draft.place.words if draft.place else ""
    return draft if words in draft.description else replace(draft, description=f"{draft.description}\n{words}".strip())


def told_again(turn: Turn) -> bool:
    """The report once more: its writer saw no answer, or did not see that it asks something."""
    if turn.chosen or turn.inbound.point or turn.dialogue is None:
        return False
    return not _elsewhere(turn, turn.dialogue.draft) and is_repetition(
        turn.inbound.text, turn.dialogue.draft.description
    )


def _elsewhere(turn: Turn, draft: Draft) -> bool:
    """Whether it tells another place than the one we have: then a name that looks mistyped is a correction."""
    if turn.place is None or draft.place is None or (turn.place.street and turn.place.street == draft.place.street):
        return False
    return fold(turn.place.words) not in fold(draft.description)


def tells_place(turn: Turn) -> bool:
    """Whether a report that is told again holds a place; asked for one, whatever was said was looked up as one."""
    if turn.parse is None:
        return turn.place is not None and turn.place.point is not None
    return turn.intent == "provide_location" or turn.parse.first("location") is not None


def is_unknown_place(turn: Turn) -> bool:
    """Whether "where is it?" is answered by "I don't know the street", whatever the model makes of it."""
    return turn.dialogue is not None and turn.dialogue.asked is Asked.PLACE and does_not_know(turn.inbound.text)


def says_same_place(text: str) -> bool:
    """Whether the words point at a place that was told before: "en el mismo lugar"."""
    folded = f" {fold(text)} "
    return any(f" {words} " in folded for words in SAME_PLACE)


async def with_same_place(turn: Turn, tickets: Tickets, before: Place | None = None) -> Turn:
    """The turn with the place that "the same place" means: the one `before`, else that of the citizen's newest report;
    none where there is neither."""
    if turn.chosen or turn.inbound.point or not says_same_place(turn.inbound.text):
        return turn
    if turn.place and turn.place.point and not says_same_place(turn.place.words):
        return turn  # "frente al mismo edificio de la calle 8" tells a place of its own
    if before is None:
        newest = await tickets.of_reporter(turn.citizen.id, 1)
        before = newest[0].place if newest else None
    return replace(turn, place=before) if before else turn
