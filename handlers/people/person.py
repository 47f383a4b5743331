"""A human being: asked for, or needed because we do not understand; then the bot is silent until it is wanted again."""

from handlers.effects import HandOver, ThreadKind, ToClerk
from handlers.say import Moment, Reply, Say, say
from handlers.turn import Answer, Turn
from tickets.calendar import NeverOpen, opening_after
from tickets.city import City
from tickets.ports import Tickets


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """They said so: into the clerks' queue."""
    return hand_over(turn, city, ThreadKind.ASKED)


def hand_over(turn: Turn, city: City, kind: ThreadKind, *replies: Reply) -> Answer:
    """`replies`, then when a person will answer. What the bot and the citizen were in goes on once it is back."""
    promise = _promise(turn, city, Say.HANDED_OVER, Say.HANDED_OVER_LATER)
    return Answer(replies=(*replies, promise), dialogue=turn.dialogue, effects=(HandOver(kind=kind),))


def pass_on(turn: Turn, city: City) -> Answer:
    """A question that a person will answer. The bot goes on: who has a lamp to report next is not left alone with it
    until the office opens."""
    promise = _promise(turn, city, Say.PASSED_ON, Say.PASSED_ON_LATER)
    handing = HandOver(kind=ThreadKind.QUESTION, silent=False)
    return Answer(replies=(promise,), dialogue=turn.dialogue, effects=(handing,))


async def to_clerk(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """A message while a person has the conversation: it is theirs, and the bot says nothing."""
    return Answer(replies=(), dialogue=turn.dialogue, effects=(ToClerk(),))


def _promise(turn: Turn, city: City, now: Say, later: Say) -> Reply:
    try:
        opens = opening_after(turn.now, city.calendar)
    except NeverOpen:
        return say(now)
    return say(now) if opens <= turn.now else say(later, opens=Moment(opens))
