"""Messages that are one: the photos of an album, a report typed in several quick messages. Pure.

"hay un bache" / "enorme" / "en la calle molino" / "frente al 20" is one report and gets one answer: after a report that
lacks its place, and within an album, the bot waits until the citizen has been silent for a short while.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation import DRAFT_LIVES, INTERRUPTS, Outcome
from bot.ports import Arrival, Behind
from channels.message import Inbound, Kind
from handlers.effects import Consent
from handlers.people.rights import is_keyword
from handlers.reporting.resume import OF_A_REPORT
from handlers.say import Say
from handlers.turn import Asked
from nlu.contract import REPORT_INTENTS
from nlu.danger import danger_in
from nlu.parse import Parse

MOST = 30  # messages that are joined
PATIENCE = 3  # times the wait: who types on and on is answered then
LOOK = timedelta(seconds=1)  # what comes meanwhile may be an emergency, which waits no longer than this
_QUESTIONS = OF_A_REPORT - {Asked.SERVICE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long the bot waits for more, after each message; zero: it does not."""

    album: timedelta = timedelta()
    thought: timedelta = timedelta()


NO_WAIT = Wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """One of the messages behind a report, and how it was understood."""

    behind: Behind
    parse: Parse | None


def is_half_said(arrival: Arrival, parse: Parse | None, outcome: Outcome) -> bool:
    """A report in words, told unasked, to which we would ask "where is it?" or "what is going on?"."""
    dialogue = outcome.answer.dialogue
    if parse is None or parse.intent not in REPORT_INTENTS or not continues(arrival.inbound):
        return False
    if any(reply.say is Say.EMERGENCY for reply in outcome.answer.replies):
        return False  # whom to call is said at once
    asks = dialogue is not None and dialogue.asked in (Asked.PLACE, Asked.DETAILS) and dialogue.draft.place is None
    acts = any(not isinstance(effect, Consent) for effect in outcome.answer.effects)
    return asks and not _answering(arrival) and not acts


def _answering(arrival: Arrival) -> bool:
    """Whether a question of ours about a report is open; one that nobody answered for a day is not."""
    asked = arrival.dialogue
    return asked is not None and asked.asked in _QUESTIONS and arrival.accepted_at - asked.since < DRAFT_LIVES


def of_album(arrival: Arrival, behind: Sequence[Behind], wait: timedelta) -> list[Behind]:
    """The rest of the album that this message opens, as far as it is there, each soon after the one before it."""
    parts: list[Behind] = []
    last = arrival.accepted_at
    for one in behind:
        if one.inbound.album == arrival.inbound.album and one.accepted_at - last <= wait:
            parts.append(one)
            last = one.accepted_at
    return parts


def of_thought(last: datetime, thoughts: Iterable[Thought], wait: timedelta) -> tuple[list[Behind], bool]:
    """Those that go on with the report whose newest message came at `last`, each soon after the one before it; and
    whether something else came, for which there is no more waiting: a button, a right, an emergency, a second report
    that has a place of its own."""
    joined: list[Behind] = []
    placed = False
    for thought in thoughts:
        behind = thought.behind
        if behind.accepted_at - last > wait or not _goes_on(thought, placed=placed):
            return joined, True
        joined.append(behind)
        last, placed = behind.accepted_at, placed or _placed(thought)
    return joined, False


def ends_album(behind: Iterable[Behind]) -> bool:
    """Whether something stands behind the photos that waits for no more of them: a button, a right, an emergency."""
    return any(not continues(one.inbound) or danger_in(one.inbound.text) is not None for one in behind)


def until(arrival: Arrival, joined: Sequence[Behind], wait: timedelta) -> datetime:
    """When the citizen has been silent long enough, or has typed long enough."""
    last = max((one.accepted_at for one in joined), default=arrival.accepted_at)
    return min(last + wait, arrival.accepted_at + PATIENCE * wait)


def as_one(arrival: Arrival, joined: Sequence[Behind]) -> Arrival:
    """The first message with the words, photos and pin of the others."""
    every = [arrival.inbound, *(one.inbound for one in joined)]
    words = " ".join(filter(None, (inbound.text.strip() for inbound in every)))
    media = tuple(media for inbound in every for media in inbound.media)
    point = next((inbound.point for inbound in reversed(every) if inbound.point), None)
    return replace(arrival, inbound=replace(arrival.inbound, text=words, media=media, point=point))


def continues(inbound: Inbound) -> bool:
    """Whether it can be a part of something: words, photos or a pin, but no button, and no right such as STOP."""
    return inbound.kind is Kind.MESSAGE and inbound.choice is None and not is_keyword(inbound)


def _goes_on(thought: Thought, *, placed: bool) -> bool:
    inbound = thought.behind.inbound
    if not continues(inbound) or danger_in(inbound.text) is not None:
        return False
    intent = thought.parse.intent if thought.parse else None
    second = placed and intent in REPORT_INTENTS and _placed(thought)
    return intent not in INTERRUPTS and not second


def _placed(thought: Thought) -> bool:
    named = thought.parse is not None and thought.parse.first("location") is not None
    return named or thought.behind.inbound.point is not None
