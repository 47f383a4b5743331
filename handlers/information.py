"""Questions about the city, answered from its own entries in config.yml; otherwise a person is asked."""

from collections.abc import Sequence
from dataclasses import replace

from channels.message import Kind
from handlers.people import person
from handlers.phrases.words import NO, YES, fold, says
from handlers.reporting import menu, report
from handlers.reporting.complaint import complains
from handlers.reporting.overheard import as_report
from handlers.say import Option, Reply, Say, Wording, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from nlu.answers import answering, asked
from nlu.contract import REPORT_INTENTS
from tickets.city import City, Information
from tickets.ports import Tickets

_YES, _NO = Option("yes", Say.YES), Option("no", Say.NO)
_FEW = 8  # words behind a "no"
_MOST = 3  # answers in a row that are neither yes nor no: then a person
_ANSWERS, _UNCLEAR = frozenset({"affirm", "deny", "thank", "goodbye"}), frozenset({None, "correct", "out_of_scope"})
_NEVER = frozenset({"emergency", "handover", "stop", "start", "change_language"})  # intents that no words outweigh
_RIGHTS, _SURE = frozenset({"my_data", "erase_data"}), 0.65  # and these where the model is so sure


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The city's answer and "was this it?"; what none fits is a report after all, or a person's to answer."""
    if found := answering(turn.inbound.text, _entries(turn, city)):
        return _told(turn, found.entry.code, Wording(found.entry.answers))
    if hidden := as_report(turn, city):
        return await (report.handle if hidden.intent else menu.handle)(hidden, city, tickets)
    return _handed_over(turn, city)


async def answered(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The answer to "was this it?"."""
    if turn.chosen == "no" or (turn.chosen is None and (turn.intent == "deny" or _refuses(turn))):
        return _handed_over(turn, city)
    if turn.chosen or turn.intent in ("affirm", "thank", "goodbye") or says(turn.inbound.text, YES):
        return Answer(replies=(say(Say.GLAD),))
    misses = turn.dialogue.misses + 1 if turn.dialogue else 1
    if misses >= _MOST:
        return _handed_over(turn, city)
    return ask(turn, Asked.INFORMED, Draft(), say(Say.WAS_THIS_IT, _YES, _NO), misses=misses)


def is_answer(turn: Turn) -> bool:
    """Whether a message answers "was this it?"; whatever else is said begins anew."""
    text = turn.inbound.text
    if turn.chosen or turn.inbound.choice is not None or text.strip().isdigit() or says(text, YES):
        return True
    return turn.intent in _ANSWERS or _refuses(turn)


def _refuses(turn: Turn) -> bool:
    """A "no", also at the beginning of a few words that the model cannot make out: "no, I meant something else". With a
    place in them they tell of a problem: "no light in Mill Road"."""
    first, *more = fold(turn.inbound.text).split() or [""]
    placed = turn.parse is not None and turn.parse.first("location") is not None
    unclear = turn.intent in _UNCLEAR and len(more) <= _FEW and not placed
    return says(turn.inbound.text, NO) or (unclear and says(first, NO))


def is_asked(turn: Turn, city: City) -> bool:
    """Whether the words leave no doubt that they ask one of the city's questions, whatever the model makes of them, and
    also where there is no model."""
    inbound, parse = turn.inbound, turn.parse
    if inbound.kind is not Kind.MESSAGE or turn.chosen or inbound.choice is not None or inbound.media or inbound.point:
        return False
    if turn.intent in _NEVER or (parse and turn.intent in _RIGHTS and parse.confidence >= _SURE):
        return False
    if turn.intent in REPORT_INTENTS and (complains(inbound.text) or (parse and parse.first("location"))):
        return False
    return asked(inbound.text, _entries(turn, city)) is not None


def in_passing(turn: Turn, city: City) -> Reply | None:
    """The city's answer, in the middle of something else; None where it has none."""
    found = answering(turn.inbound.text, _entries(turn, city))
    return say(Say.TOLD, answer=Wording(found.entry.answers)) if found else None


def unknown(turn: Turn, city: City) -> Reply:
    """Who knows: said where the talk goes on."""
    return say(Say.INFORMATION, city=city.name, phone=city.office.phone, hours=city.office.hours[turn.language])


def _entries(turn: Turn, city: City) -> Sequence[Information]:
    """All languages count, for the model tells in which one to answer; where there is none, only the citizen's own."""
    if turn.parse:
        return city.information
    return [replace(one, words={turn.language: one.words.get(turn.language, ())}) for one in city.information]


def _told(turn: Turn, code: str, words: Wording) -> Answer:
    told = say(Say.TOLD, _YES, _NO, lines=(say(Say.WAS_THIS_IT),), answer=words)
    return ask(turn, Asked.INFORMED, Draft(), told, item=code)


def _handed_over(turn: Turn, city: City) -> Answer:
    return person.pass_on(replace(turn, dialogue=None), city)
