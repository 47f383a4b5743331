"""Back from a person to the bot, because the citizen wants it."""

from handlers.effects import TakeBack
from handlers.phrases.keywords import Right, right
from handlers.phrases.words import BOT, says
from handlers.reporting.report import again
from handlers.say import Say, say
from handlers.turn import Answer, Turn
from tickets.city import City
from tickets.ports import Tickets


def wants_bot(turn: Turn) -> bool:
    """Whether who talks with a person asks for the bot: by its name, or by what begins with it."""
    words = turn.inbound.text
    return says(words, BOT) or (right(words) is Right.START and not turn.citizen.opted_out)


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The bot answers again, and what was open between the two goes on."""
    going_on = await again(turn, city, tickets)
    replies = (say(Say.BOT_BACK), *going_on.replies)
    return Answer(replies=replies, dialogue=going_on.dialogue, effects=(TakeBack(),))
