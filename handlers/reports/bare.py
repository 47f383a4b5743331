"""A photo or a voice note without a word: part of the report under way or of the one just filed; days later, asked
about. We cannot listen, so a voice note is kept for the clerk and the rest is asked in writing (a transcriber, where
config.yml has one, has put words to it before it comes here: bot/inbox/hearing.py)."""

from dataclasses import replace

from handlers.courtesy import one, unreadable
from handlers.reporting import menu
from handlers.reporting.report import again
from handlers.reports import comment, mine
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Draft, Turn, ask, with_media
from tickets.city import City
from tickets.ports import Tickets
from tickets.workflow import OPEN


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Kept where it belongs, or asked where that is."""
    if not turn.inbound.media:
        return await unreadable(turn, city, tickets)
    if turn.dialogue and turn.dialogue.about:
        return await _about(turn, city, tickets, turn.dialogue.about)
    if turn.dialogue and turn.dialogue.draft != Draft():
        return await _in_draft(turn, city, tickets)
    if turn.dialogue and turn.dialogue.asked is Asked.TICKET:
        return await mine.with_more(turn, tickets)
    if await comment.belongs_to_newest(turn, tickets):
        return await comment.handle(turn, city, tickets)
    return await _days_later(turn, city, tickets)


def begin(turn: Turn, city: City) -> Answer:
    """A report that begins with it."""
    what = Say.VOICE_NEW if _is_voice(turn) else Say.SORRY_MENU
    return ask(turn, Asked.SERVICE, with_media(Draft(), turn), menu.services_menu(turn, city, what))


async def _about(turn: Turn, city: City, tickets: Tickets, number: str) -> Answer:
    """While we ask something about a ticket: it is that one's, and the question stays open."""
    ticket = await tickets.get(number)
    if ticket is None or not await mine.concerns(ticket, turn, tickets):
        return one(say(Say.UNREADABLE), turn)
    return replace(comment.kept(turn, ticket), dialogue=turn.dialogue)


async def _in_draft(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Into the draft; what is still to be known has to be written."""
    if turn.dialogue is None:
        return Answer(replies=())
    held = replace(turn.dialogue, draft=with_media(turn.dialogue.draft, turn))
    going_on = await again(replace(turn, dialogue=held), city, tickets)
    if going_on.dialogue is None:  # a question that is not asked again: the draft waits as it was
        return Answer(replies=(say(Say.VOICE_ADDED),), dialogue=held)
    kept = replace(going_on.dialogue, misses=turn.dialogue.misses)  # to speak is no misunderstanding
    return replace(going_on, replies=(say(Say.VOICE_ADDED), *going_on.replies), dialogue=kept)


async def _days_later(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """For the only report that is still open, where nothing gets lost; for one of several or a new one only the
    citizen knows."""
    recent = [ticket for ticket in await mine.of_citizen(turn, tickets) if ticket.status in OPEN]
    if len(recent) == 1:
        return comment.kept(turn, recent[0])
    return mine.which(turn, recent, comment.WANTS, new=True) if recent else begin(turn, city)


def _is_voice(turn: Turn) -> bool:
    return any(one.is_sound for one in turn.inbound.media)
