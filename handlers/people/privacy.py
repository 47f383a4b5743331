"""A citizen's own data: shown, or erased, after a code that only they can have read, for senders of SMS can be forged.

While the code is waited for, what was talked about before waits behind it and goes on with whatever is said that is
neither the code nor a yes or no. The code itself is kept nowhere: the dialogue has a salt and a hash of both, made with
the key of the environment, so that who reads the database cannot try all six digits. The message that told it goes with
its time (`SECRET`).
"""

import hmac
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from channels.message import Inbound, Kind
from handlers.effects import Erase, Export
from handlers.phrases.keywords import BESIDE_A_CODE
from handlers.phrases.words import NO, YES, fold, says
from handlers.reporting.report import again
from handlers.say import Reply, Say, say
from handlers.turn import Answer, Asked, Dialogue, Keyed, Turn
from tickets.city import City
from tickets.ports import Tickets

LIVES = timedelta(minutes=10)
TRIES = 3
_DIGITS = 6
_SALT = 16  # characters of the turn's secret
_MARK = "."  # between the salt and the hash
_FEW, _MOST = 3, 8  # digits that somebody may have mistyped; fewer choose an option where some are offered


class What(StrEnum):
    """What the code confirms."""

    MY_DATA = "my_data"
    ERASE = "erase"


_ASKING = {What.MY_DATA: Say.MY_DATA_CODE, What.ERASE: Say.ERASE_CODE}
SECRET = frozenset(_ASKING.values())  # what holds a code, and is kept no longer than it


async def my_data(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return _ask(turn, What.MY_DATA)


async def erase(turn: Turn, city: City, tickets: Tickets) -> Answer:
    return _ask(turn, What.ERASE)


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The answer to "write me this code"."""
    if turn.dialogue is None:
        return Answer(replies=())
    what, kept = _waited_for(turn.dialogue)
    digits = _digits(turn.inbound.text)
    if not digits:
        if says(turn.inbound.text, NO):
            return await _back(turn, city, tickets, say(Say.CODE_DROPPED))
        return _another(turn, turn.dialogue, what)
    late = turn.now - turn.dialogue.since > LIVES
    if _is_code(digits, kept, turn.keyed) and not late:
        return await _confirmed(turn, city, tickets, what)
    tries = turn.dialogue.misses + 1
    if late or tries >= TRIES:
        return await _back(turn, city, tickets, say(Say.CODE_FAILED))
    return Answer(replies=(say(Say.CODE_WRONG),), dialogue=replace(turn.dialogue, misses=tries))


def is_asked(turn: Turn) -> bool:
    return turn.dialogue is not None and turn.dialogue.asked is Asked.CODE


def unless_answered(
    dialogue: Dialogue | None, inbound: Inbound, now: datetime, keyed: Keyed
) -> Dialogue | None:  # fmt: skip
    """The dialogue as this message finds it: one that waits for a code only where this message may be about it. One
    from before codes were kept as hashes is over."""
    if dialogue is None or dialogue.asked is not Asked.CODE:
        return dialogue
    about = inbound.kind is Kind.MESSAGE and inbound.choice is None and _MARK in _waited_for(dialogue)[1]
    fresh = now - dialogue.since <= LIVES
    if about and (_is_try(inbound.text, dialogue, keyed) or (fresh and says(inbound.text, YES | NO))):
        return dialogue
    return behind(dialogue)


def behind(dialogue: Dialogue | None) -> Dialogue | None:
    """What was talked about before a code was asked for; the dialogue itself where none is."""
    return _before(dialogue) if dialogue and dialogue.asked is Asked.CODE else dialogue


def _ask(turn: Turn, what: What) -> Answer:
    """What is open now is kept in the new dialogue: its question, its options, and (in `item`) what it asked."""
    before = turn.dialogue
    open_ = Dialogue(asked=Asked.CODE, question=turn.number, since=turn.now) if before is None else before
    behind = f"{before.asked}:{before.item}" if before else ""
    item = f"{what}:{_hashed(turn)}:{behind}"
    dialogue = replace(open_, asked=Asked.CODE, item=item, misses=0, since=turn.now)
    return Answer(replies=(say(_ASKING[what], code=turn.code),), dialogue=dialogue)


def _another(turn: Turn, dialogue: Dialogue, what: What) -> Answer:
    """A new code, for the first one is not known here: with the tries and the time that are left of that one."""
    before = dialogue.item.split(":", 2)[2]
    renewed = replace(dialogue, item=f"{what}:{_hashed(turn)}:{before}")
    return Answer(replies=(say(_ASKING[what], code=turn.code),), dialogue=renewed)


async def _confirmed(turn: Turn, city: City, tickets: Tickets, what: What) -> Answer:
    if what is What.ERASE:
        return Answer(replies=(say(Say.ERASED),), effects=(Erase(),))
    answer = await _back(turn, city, tickets)
    return replace(answer, effects=(Export(token=turn.token),))


async def _back(turn: Turn, city: City, tickets: Tickets, *replies: Reply) -> Answer:
    """To what was talked about before: a report's question comes again."""
    before = _before(turn.dialogue) if turn.dialogue else None
    if before is None or turn.citizen.thread is not None:
        return Answer(replies=replies, dialogue=before)
    going_on = await again(replace(turn, dialogue=before), city, tickets)
    return replace(going_on, replies=(*replies, *going_on.replies))


def _before(dialogue: Dialogue) -> Dialogue | None:
    _, _, asked, item = dialogue.item.split(":", 3) if dialogue.item.count(":") >= 3 else ("", "", "", "")
    return replace(dialogue, asked=Asked(asked), item=item, misses=0) if asked else None


def _waited_for(dialogue: Dialogue) -> tuple[What, str]:
    """What the code confirms, and what is kept of the code."""
    what, kept, *_ = dialogue.item.split(":")
    return What(what), kept


def _hashed(turn: Turn) -> str:
    """What is kept of this turn's code."""
    salt = turn.token[:_SALT]
    return f"{salt}{_MARK}{turn.keyed(salt, turn.code)[0]}"


def _is_code(digits: str, kept: str, keyed: Keyed) -> bool:
    """Also after the environment's key was changed, while the older one stands behind it."""
    salt, _, hashed = kept.partition(_MARK)
    return len(digits) == _DIGITS and any(hmac.compare_digest(one, hashed) for one in keyed(salt, digits))


def _is_try(text: str, dialogue: Dialogue, keyed: Keyed) -> bool:
    """The code, alone or within words; or digits alone that might be meant for it."""
    digits = _digits(text)
    if _is_code(digits, _waited_for(dialogue)[1], keyed):
        return True
    words = (word for word in fold(text).split() if not word.isdecimal())
    fewest = _FEW if dialogue.offered else 1
    return fewest <= len(digits) <= _MOST and BESIDE_A_CODE.issuperset(words)


def _digits(text: str) -> str:
    """All digits of a text, of whatever script, as 0 to 9: so a message that lists many codes is none of them."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())
