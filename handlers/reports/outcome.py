"""Which messages answer the questions of `handlers/reports/closure.py`, and which begin something else."""

from handlers.phrases.verdict import fixed_by_words, score_of, tells_another
from handlers.phrases.words import NO, YES, does_not_know, fold, says
from handlers.turn import Asked, Dialogue, Turn
from nlu.contract import REPORT_INTENTS, service_of

QUESTIONS = frozenset({Asked.FIXED, Asked.RATING, Asked.WORD, Asked.REOPENED, Asked.ANEW})
STAYS = frozenset({Asked.FIXED, Asked.RATING, Asked.REOPENED})  # open while something else is said and answered
_SHORT = 12  # words in which "no" and "ya quedó" are an answer to our question
_WISHES = frozenset({  # what is never an answer here, whatever its words
    "handover", "stop", "start", "emergency", "my_data", "erase_data", "change_language", "help",
})  # fmt: skip
_QUESTIONS = frozenset({"check_status", "ask_information"})  # nor is what the model takes for a question, in many words
_FEW = 5  # words
_COURTESIES = frozenset({"thank", "goodbye", "greet"})


def is_answer(turn: Turn) -> bool:
    """Whether this message answers the open question: by a press, a digit, or by its words, whatever the model makes of
    them. A report of something else, or from elsewhere, is a new one."""
    dialogue, text = turn.dialogue, turn.inbound.text.strip()
    if dialogue is None:
        return False
    if turn.chosen or turn.inbound.choice is not None or _is_plain(text) or _is_rating(text, dialogue):
        return True
    if turn.intent in _WISHES or _asks(turn) or _reports(turn):
        return False
    if not text:
        return dialogue.asked is not Asked.ANEW and (bool(turn.inbound.media) or turn.inbound.point is not None)
    return _answers(turn, dialogue, text)


def _answers(turn: Turn, dialogue: Dialogue, text: str) -> bool:
    told = fixed_by_words(text) if len(text.split()) <= _SHORT else None
    match dialogue.asked:
        case Asked.FIXED:
            heard = told is not None or turn.intent in {"affirm", "deny", "reopen", "thank"}
            return heard or does_not_know(text) or _is_unclear(turn, dialogue)
        case Asked.RATING:
            return turn.intent in {None, "out_of_scope"} and not dialogue.misses and len(text.split()) <= _FEW
        case Asked.WORD:
            return told is not False and turn.intent not in {"reopen", "correct", "cancel"}
        case Asked.REOPENED:
            return not dialogue.misses and turn.intent not in _COURTESIES | {"cancel"}
        case _:
            return dialogue.asked is Asked.ANEW and turn.intent in {"affirm", "deny"}


def is_score(text: str, dialogue: Dialogue | None) -> bool:
    """Whether it rates from 1 to 5: the model need not be asked, for it sees an address in "4 de 5"."""
    return dialogue is not None and dialogue.asked is Asked.RATING and score_of(text) is not None


def _is_rating(text: str, dialogue: Dialogue) -> bool:
    """A score, or a number that is none ("-1", "4.5"): then we ask again."""
    number = dialogue.asked is Asked.RATING and fold(text).replace(" ", "").isdigit()
    return number or is_score(text, dialogue)


def _asks(turn: Turn) -> bool:
    """A question to us; the model takes "deu certo" for one as well."""
    text = turn.inbound.text
    return turn.intent in _QUESTIONS and ("?" in text or len(text.split()) > _FEW or fixed_by_words(text) is None)


def _is_plain(text: str) -> bool:
    return text.isdigit() or says(text, YES | NO)


def _is_unclear(turn: Turn, dialogue: Dialogue) -> bool:
    """Not understood: the question is asked once more before anything else is."""
    return turn.parse is not None and turn.intent is None and not dialogue.misses and not _tells_place(turn)


def _reports(turn: Turn) -> bool:
    """Something new: of another service than the ticket that is asked about, from another place, or "another one"."""
    if turn.inbound.point:  # where something is still wrong may be shown; else it is the place of something new
        return turn.dialogue is None or turn.dialogue.asked is not Asked.REOPENED
    theirs = turn.dialogue is not None and service_of(turn.intent or "") in {turn.dialogue.item, "other"}
    same = theirs and not _tells_place(turn) and not tells_another(turn.inbound.text)
    return turn.intent in REPORT_INTENTS and not same


def _tells_place(turn: Turn) -> bool:
    return turn.parse is not None and turn.parse.first("location") is not None
