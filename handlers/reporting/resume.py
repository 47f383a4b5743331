"""A report that was left lying: brought up again once after a silence, and by whoever comes back with a greeting."""

from dataclasses import replace
from datetime import datetime

from channels.message import Inbound
from handlers.reporting import missing
from handlers.reporting.elsewhere import ELSEWHERE
from handlers.say import Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Citizen, Dialogue, Draft, Turn
from tickets.city import City
from tickets.ports import Tickets

OF_A_REPORT = frozenset({
    Asked.SERVICE, Asked.PLACE, Asked.DETAILS, Asked.QUESTION, Asked.CONFIRM, Asked.CHANGE, Asked.DUPLICATE,
})  # fmt: skip
_VAGUE = "other"


def subject(dialogue: Dialogue, city: City) -> ServiceName | None:
    """What the report under way is about; None when there is none worth bringing up: nothing was told, it is
    somebody else's, or danger, of which nobody is asked again."""
    draft = dialogue.draft
    if dialogue.asked not in OF_A_REPORT or dialogue.item == ELSEWHERE or draft == Draft() or draft.danger:
        return None
    told = draft.service or (_VAGUE if draft.place or draft.media else None)
    return ServiceName(told) if told and city.service(told) else None


def is_bare_greeting(turn: Turn, city: City) -> bool:
    """Whether somebody comes back after a silence and only says hello."""
    dialogue = turn.dialogue
    told = turn.parse is not None and turn.parse.first("location") is not None
    if dialogue is None or turn.intent != "greet" or told or turn.inbound.media or turn.inbound.point:
        return False
    return turn.now - dialogue.since >= city.talk.remind and subject(dialogue, city) is not None


def brought_up(answer: Answer, city: City) -> Answer:
    """The open question, with what it is about before it; that is no misunderstanding."""
    if answer.dialogue is None:
        return answer
    dialogue = replace(answer.dialogue, misses=0, reminded=True)
    return replace(answer, replies=(*under_way(dialogue, city), *answer.replies), dialogue=dialogue)


async def reminder(
    citizen: Citizen, dialogue: Dialogue, language: str, city: City, tickets: Tickets, now: datetime
) -> tuple[tuple[Reply, ...], Dialogue]:
    """What brings the report up again, and the dialogue after it: the same question, with its buttons as they were, as
    old as it was, and not to be brought up again."""
    nothing = Inbound(sender=citizen.contact, external_id="", received_at=now, text="")
    turn = Turn(
        inbound=nothing, citizen=citizen, language=language, parse=None, dialogue=dialogue, now=now,
        number=dialogue.question,
    )  # fmt: skip
    asked = await missing.again(turn, city, tickets)
    reopened = asked.dialogue or dialogue
    kept = replace(reopened, since=dialogue.since, misses=dialogue.misses, reminded=True)
    return (*under_way(dialogue, city), *asked.replies), kept


def under_way(dialogue: Dialogue, city: City) -> tuple[Reply, ...]:
    about = subject(dialogue, city)
    return (say(Say.UNDER_WAY, service=about),) if about else ()
