"""How many photos of one citizen are kept within a day: nobody fills the disk alone.

What is beyond is not fetched, and its sender is told; the words that came with it count as ever, and so do voice notes,
which are words.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.ports import UnitOfWork
from handlers.effects import ChangeTicket, Effect, FileTicket
from handlers.say import Say, say
from handlers.turn import Answer, Citizen

_DAY = timedelta(days=1)


async def within(view: UnitOfWork, citizen: Citizen, answer: Answer, most: int, now: datetime) -> Answer:
    """The answer with as many files as this citizen may still send today, the first ones; `most` 0: with all."""
    came = sum(_photos(effect) for effect in answer.effects)
    if not most or not came:
        return answer
    left = max(0, most - await view.photos.sent(citizen.id, now - _DAY))
    if came <= left:
        return answer
    effects = list[Effect]()
    for effect in answer.effects:
        effects.append(_cut(effect, left))
        left -= _photos(effects[-1])
    told = (say(Say.PHOTOS_FULL),) if answer.replies else ()  # who is told nothing is not told this either
    return replace(answer, replies=(*told, *answer.replies), effects=tuple(effects))


def _photos(effect: Effect) -> int:
    return sum(not one.is_sound for one in effect.media) if isinstance(effect, (FileTicket, ChangeTicket)) else 0


def _cut(effect: Effect, left: int) -> Effect:
    if not isinstance(effect, (FileTicket, ChangeTicket)):
        return effect
    kept = [one for one in effect.media if not one.is_sound][:left]
    return replace(effect, media=tuple(one for one in effect.media if one.is_sound or one in kept))
