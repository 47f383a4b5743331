""" "I want to report something", without saying what, and questions how this works: an invitation, never the same one
twice in a row. The second time the menu, the third time a person, counted as in handlers/tone.py."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from handlers.courtesy import help_, one
from handlers.people.stuck import unless_stuck
from handlers.phrases.asking import asks_outright
from handlers.phrases.wishing import is_vague, wishes_to_report
from handlers.phrases.words import fold
from handlers.reporting import report
from handlers.reporting.heard import described, tells_place
from handlers.reporting.menu import services_menu
from handlers.reporting.missing import ask_next
from handlers.say import Reply, Say, say
from handlers.turn import Answer, Asked, Draft, Turn, ask, with_media
from nlu.contract import REPORT_INTENTS
from tickets.city import City
from tickets.number import find_number
from tickets.ports import Tickets

_SURE = 0.6  # of a model that hears what it is about, where the words do not tell that
# What a model hears in the wish to report, where it knows no problem in it.
_MISHEARD = frozenset({
    "check_status", "help", "handover", "ask_information", "out_of_scope", "start", "cancel", "provide_location",
})  # fmt: skip
_NEVER = frozenset({"emergency", "stop", "my_data", "erase_data", "change_language", "abuse"})
_REPORTING = frozenset({Asked.SERVICE, Asked.PLACE, Asked.DETAILS, Asked.QUESTION, Asked.CONFIRM, Asked.CHANGE})
TELL_WORDS: Mapping[str, Collection[str]] = {
    "es": ("reportar", "denunciar", "avisar", "informar", "notificar", "quejarme", "reclamar"),
    "pt": ("relatar", "reportar", "avisar", "denunciar", "comunicar", "informar", "registrar", "reclamar"),
    "en": ("report", "complain", "notify"),
    "fr": ("signaler", "reporter", "declarer", "denoncer", "plaindre"),
}
# What may stand beside: a greeting, a wish, and a thing that has no name yet.
BESIDE_WORDS: Mapping[str, Collection[str]] = {
    "es": (
        "hola", "buenas", "buenos", "dias", "tardes", "noches", "quiero", "quisiera", "queria", "necesito", "deseo",
        "me", "gustaria", "puedo", "como", "por", "favor", "algo", "una", "un", "cosa", "problema", "de", "sobre",
    ),
    "pt": (
        "ola", "oi", "bom", "boa", "dia", "tarde", "noite", "quero", "queria", "preciso", "gostaria", "de", "posso",
        "como", "por", "favor", "algo", "alguma", "uma", "um", "coisa", "problema", "sobre", "eu",
    ),
    "en": (
        "hi", "hello", "good", "morning", "i", "d", "want", "wanna", "need", "would", "like", "to", "can", "how", "do",
        "please", "something", "smth", "sth", "a", "an", "thing", "problem", "issue", "about", "make",
    ),
    "fr": (
        "bonjour", "bonsoir", "salut", "je", "j", "veux", "voudrais", "souhaite", "aimerais", "dois", "peux", "comment",
        "s", "il", "vous", "plait", "svp", "quelque", "chose", "qqch", "un", "une", "probleme", "de", "me",
    ),
}  # fmt: skip
TABLES: Mapping[str, Mapping[str, Collection[str]]] = {"TELL_WORDS": TELL_WORDS, "BESIDE_WORDS": BESIDE_WORDS}
_TELL = frozenset(word for some in TELL_WORDS.values() for word in some)
_BESIDE = frozenset(word for some in BESIDE_WORDS.values() for word in some)


def is_said(turn: Turn) -> bool:
    """Whether the whole message is that its writer has something to report, and no question is open that it answers."""
    if turn.chosen or turn.inbound.choice is not None or turn.inbound.media or turn.intent in REPORT_INTENTS:
        return False
    if turn.dialogue is not None and turn.dialogue.asked not in _REPORTING | {Asked.NOTHING}:
        return False
    words = set(fold(turn.inbound.text).split())
    return len(words) > 1 and not words.isdisjoint(_TELL) and words <= _TELL | _BESIDE


def heard(turn: Turn) -> Turn:
    """The turn without what the model mishears in "I want to report ..."; where nothing is told of what it is about,
    without its guesses at that as well."""
    parse, text = turn.parse, turn.inbound.text
    if parse is None or turn.chosen or turn.inbound.choice is not None or turn.intent in _NEVER or find_number(text):
        return turn
    if is_bare_wish(turn):
        sure = turn.intent in REPORT_INTENTS and parse.confidence >= _SURE
        return turn if sure else replace(turn, parse=replace(parse, intent=None, confidence=0.0, ranking=()))
    if turn.intent in _MISHEARD and wishes_to_report(text) and not asks_outright(text):
        return replace(turn, parse=replace(parse, intent=None))
    return turn


def is_bare_wish(turn: Turn) -> bool:
    """Whether it says that there is something to report and at most where, not what."""
    place = turn.parse.first("location") if turn.parse else None
    return is_vague(turn.inbound.text, place.value if place else "")


def is_wish(turn: Turn) -> bool:
    """Whether it wants to report (as `heard`), and is not what answers the open question."""
    if turn.intent is not None or turn.parse is None or turn.parts or turn.chosen or turn.inbound.choice is not None:
        return False
    asked, bare = turn.dialogue.asked if turn.dialogue else Asked.NOTHING, is_bare_wish(turn)
    if asked in _REPORTING and (not bare or (asked is Asked.PLACE and tells_place(turn))):
        return False
    return bare or (wishes_to_report(turn.inbound.text) and not asks_outright(turn.inbound.text))


async def begun(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """A report of which its writer told no more than that, and perhaps where: what is it about?"""
    before = turn.dialogue
    if before is None or before.asked not in _REPORTING:
        return await report.handle(replace(turn, dialogue=None), city, tickets)
    if before.asked is not Asked.SERVICE:
        return await handle(turn, city, tickets)
    draft = described(before.draft, turn)
    draft = with_media(replace(draft, place=turn.place or draft.place), turn)
    menu = services_menu(turn, city, Say.WHICH_SERVICE)
    return unless_stuck(turn, city, ask(turn, Asked.SERVICE, draft, menu, misses=before.misses + 1))


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """What to write; in the middle of a report its question once more."""
    if turn.dialogue is None or turn.dialogue.asked is Asked.NOTHING:
        return _counted(turn, city, say(Say.INVITATION))
    draft, behind = turn.dialogue.draft, replace(turn, parse=None)
    asked_again = report.again(behind, city, tickets) if draft != Draft() else ask_next(behind, city, tickets, draft)
    going_on = await asked_again
    missed = going_on.dialogue and replace(going_on.dialogue, misses=turn.dialogue.misses + 1)
    return unless_stuck(turn, city, replace(going_on, dialogue=missed))


async def help_meant(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """How this works, to whom the model hears asking for it; by its keyword it is told as often as they like."""
    (told,) = (await help_(turn, city, tickets)).replies
    return _counted(turn, city, told)


def _counted(turn: Turn, city: City, told: Reply) -> Answer:
    before = turn.dialogue
    if before is None:
        return ask(turn, Asked.NOTHING, Draft(), told, misses=1)
    if before.asked is Asked.NOTHING:
        menu = services_menu(turn, city, Say.WHICH_SERVICE)
        return unless_stuck(turn, city, ask(turn, Asked.SERVICE, before.draft, menu, misses=before.misses + 1))
    if before.asked not in _REPORTING:
        return one(told, turn)
    return unless_stuck(turn, city, Answer(replies=(told,), dialogue=replace(before, misses=before.misses + 1)))
