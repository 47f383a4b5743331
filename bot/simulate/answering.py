# ruff: noqa: ARG001 - every answer has the one signature
"""How people answer what the bot asks while they want something filed, each by their temper."""

from collections.abc import Awaitable, Callable, Mapping

from bot.simulate.citizen import Citizen, Filed, same
from bot.simulate.persona import Telling, Temper
from bot.simulate.reading import Heard
from bot.simulate.wish import Wish, is_there, point_of
from handlers.say import Say

_FEW = 5
MOST = 14  # messages after which somebody gives up
RECEIPTS = frozenset({Say.RECEIPT, Say.RECEIPT_URGENT})
GIVEN_UP = frozenset({
    Say.STUCK, Say.HANDED_OVER, Say.HANDED_OVER_LATER, Say.DROPPED, Say.EXPIRED, Say.OTHER_BODY, Say.TROUBLE,
    Say.PAUSED,
})  # fmt: skip
Answer = Callable[[Citizen, Wish, Heard], Awaitable[None]]


async def file(citizen: Citizen, wish: Wish, telling: Telling) -> str | None:
    """Bring a report and answer until it is filed; its number, or that of the one that was joined. None: it was not."""
    turns, segments = citizen.talk.turns, citizen.talk.segments
    begin = len(citizen.heard)
    await OPENINGS[telling](citizen, wish)
    done = await pursue(citizen, wish, RECEIPTS | {Say.JOINED, Say.OWN_ALREADY}, begin=begin)
    if done is None or done.says(*GIVEN_UP):
        return None
    if done.says(*RECEIPTS):
        filed = Filed(
            turns=citizen.talk.turns - turns,
            segments=citizen.talk.segments - segments if citizen.persona.channel == "sms" else None,
            whole=telling is Telling.WHOLE and wish.service != "other",
        )
        citizen.talk.reports.append(filed)
    return done.values["number"]


async def pursue(citizen: Citizen, wish: Wish, ends: frozenset[Say], *, begin: int) -> Heard | None:
    """Answer whatever is asked until one of these is said, beginning with what was heard from `begin` on."""
    moods = {citizen.persona.temper}
    for _ in range(MOST):
        if done := next((h for h in citizen.heard[begin:] if h.says(*ends, *GIVEN_UP)), None):
            return done
        if citizen.stuck:
            return None
        asked = next((heard for heard in reversed(citizen.heard[begin:]) if heard.question), None)
        if not (asked and await _moody(citizen, asked, moods)):
            await _reply(citizen, wish, asked)
    return None


async def answer(citizen: Citizen, wish: Wish, ends: frozenset[Say], *, begin: int) -> bool:
    """Whether one of these is said, now or after what is asked was answered; nothing is said unasked."""
    for _ in range(_FEW):
        if any(heard.says(*ends) for heard in citizen.heard[begin:]):
            return True
        asked = next((heard for heard in reversed(citizen.heard[begin:]) if heard.question), None)
        if asked is None:
            return False
        await _reply(citizen, wish, asked)
    return False


async def _reply(citizen: Citizen, wish: Wish, asked: Heard | None) -> None:
    if asked is None or asked.question is None:
        await _once_more(citizen, wish)
    else:
        await ANSWERS.get(asked.question, _by_choice)(citizen, wish, asked)


async def _moody(citizen: Citizen, asked: Heard, moods: set[Temper]) -> bool:
    """Do something else first, once; whether it was done."""
    if Temper.LATE in moods:
        moods.discard(Temper.LATE)
        await citizen.wait(hours=citizen.random.choice((1, 3, 6)))
    elif Temper.IGNORES in moods:
        moods.discard(Temper.IGNORES)
        await citizen.say("wait")
    elif Temper.SWITCHES in moods:
        moods.discard(Temper.SWITCHES)
        citizen.language = citizen.random.choice([c for c in citizen.book.labels if c != citizen.language])
        await citizen.say("language")
    elif Temper.OLD_BUTTONS in moods and (old := _older_button(citizen, asked)):
        moods.discard(Temper.OLD_BUTTONS)
        await citizen.write(old[0], choice=old[1])
    else:
        return False
    return True


def _older_button(citizen: Citizen, asked: Heard) -> tuple[str, str] | None:
    buttons = [c for heard in citizen.heard if heard is not asked for c in heard.choices if c.id is not None]
    return next(((c.label, c.id) for c in buttons if c.id), None)


async def _service(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    choice = citizen.service_option(asked, wish.service)
    if choice is None:
        await citizen.tell(wish.problem)
    else:
        await citizen.choose(choice)


async def _place(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    point = (wish.elsewhere or point_of(wish.spot, citizen.city)) if wish.pinned else None
    if point is not None:
        wish.marked = True
        await citizen.pin(point)
    else:
        wish.pinned = False
        await citizen.write(citizen.typed(wish.spot.alone))


async def _details(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    await citizen.tell(citizen.random.choice(citizen.words.details))


async def _confirm(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    wrong_service = not wish.whatever and not _is_service(citizen, wish, asked)
    citizen.talk.wrong_service |= wrong_service
    if _changes_mind(citizen, wish) or wrong_service or _elsewhere(wish, asked):
        await _no(citizen, asked)
    else:
        await _yes(citizen, asked)


def _is_service(citizen: Citizen, wish: Wish, shown: Heard) -> bool:
    """Whether the service shown is theirs, in whatever language it is shown."""
    labels = citizen.book.services[shown.language or citizen.language]
    return same(shown.values["service"], labels[wish.service])


def _changes_mind(citizen: Citizen, wish: Wish) -> bool:
    """Some notice only now that they told the wrong place."""
    if citizen.persona.temper is not Temper.CORRECTS or citizen.changed:
        return False
    others = [spot for spot in citizen.words.spots if spot.meant != wish.spot.meant]
    citizen.changed, wish.pinned, wish.marked = True, False, False
    wish.spot = citizen.random.choice(others)
    return True


def _elsewhere(wish: Wish, asked: Heard) -> bool:
    return not wish.marked and not is_there(wish.spot, asked.values["place"])


async def _change(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    shown = citizen.last(Say.CONFIRM, Say.CONFIRM_PHOTO)
    another = shown is not None and not wish.whatever and not _is_service(citizen, wish, shown)
    wrong = Say.CHANGE_SERVICE if another else Say.CHANGE_PLACE
    await _choose(citizen, asked, wrong)


async def _own_question(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    """One of the service's own: the first answer is the usual one."""
    if asked.choices:
        await citizen.choose(asked.choices[0], asked.choices[0].label)
    else:
        await _details(citizen, wish, asked)


async def _nearby(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    if wish.joins:
        await citizen.choose(asked.choices[0])
    else:
        await _choose(citizen, asked, Say.NONE_OF_THESE)


async def _yes(citizen: Citizen, asked: Heard) -> None:
    await _choose(citizen, asked, Say.YES, "agree")


async def _no(citizen: Citizen, asked: Heard) -> None:
    await _choose(citizen, asked, Say.NO, "refuse")


async def _choose(citizen: Citizen, asked: Heard, what: Say, phrase: str = "") -> None:
    choice = citizen.option(asked, what) or (asked.choices[-1] if asked.choices else None)
    words = citizen.words.phrase(phrase, citizen.random) if phrase else ""
    if choice is None:
        await citizen.write(words)
    else:
        await citizen.choose(choice, words)


async def _language(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    await citizen.say("language")


async def _by_choice(citizen: Citizen, wish: Wish, asked: Heard) -> None:
    """A question that does not belong here: the last choice mostly means none of these."""
    if asked.choices:
        await citizen.choose(asked.choices[-1])
    else:
        await _once_more(citizen, wish)


async def _once_more(citizen: Citizen, wish: Wish) -> None:
    """Nothing was asked, or nothing of use: say it all, in other words."""
    wish.problem = citizen.words.opening(wish.service, citizen.random)
    await citizen.tell(wish.whole)


ANSWERS: Mapping[Say, Answer] = {
    **dict.fromkeys(
        (Say.WHICH_SERVICE, Say.NOT_UNDERSTOOD, Say.SORRY_MENU, Say.VOICE_NEW, Say.RIGHT_SERVICE), _service
    ),
    **dict.fromkeys(
        (Say.WHERE, Say.PLACE_NEEDED, Say.EMERGENCY_WHERE, Say.RIGHT_PLACE, Say.OUTSIDE, Say.OUTSIDE_UNKNOWN), _place
    ),
    Say.WHAT_HAPPENED: _details,
    Say.CONFIRM: _confirm,
    Say.CONFIRM_PHOTO: _confirm,
    Say.WHAT_TO_CHANGE: _change,
    Say.QUESTION: _own_question,
    Say.NEARBY: _nearby,
    Say.WHICH_LANGUAGE: _language,
    Say.STOP_ASK: lambda citizen, _, asked: _no(citizen, asked),
}  # fmt: skip


async def _whole(citizen: Citizen, wish: Wish) -> None:
    await citizen.tell(wish.whole)


async def _drip(citizen: Citizen, wish: Wish) -> None:
    await citizen.tell(wish.problem)


async def _fragments(citizen: Citizen, wish: Wish) -> None:
    await citizen.tell(wish.problem, wish.spot.behind)


async def _greeting(citizen: Citizen, wish: Wish) -> None:
    await citizen.say("greet")
    await _drip(citizen, wish)


async def _pin(citizen: Citizen, wish: Wish) -> None:
    wish.pinned = True
    await _drip(citizen, wish)


async def _photo(citizen: Citizen, wish: Wish) -> None:
    await citizen.photo()
    await citizen.tell(wish.whole)


async def _voice(citizen: Citizen, wish: Wish) -> None:
    await citizen.voice()


OPENINGS: Mapping[Telling, Callable[[Citizen, Wish], Awaitable[None]]] = {
    Telling.WHOLE: _whole,
    Telling.DRIP: _drip,
    Telling.FRAGMENTS: _fragments,
    Telling.GREETING: _greeting,
    Telling.PIN: _pin,
    Telling.PHOTO: _photo,
    Telling.VOICE: _voice,
}
