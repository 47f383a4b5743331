"""What personas come for, each played to its end. A goal gives "" when it ended as they wanted, else what went wrong.

What was reached is judged by what stands in the store; what they do, only by what the phone shows.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.simulate.answering import RECEIPTS, answer, file, pursue
from bot.simulate.citizen import Citizen
from bot.simulate.persona import Goal, Telling, Temper
from bot.simulate.wish import Wish, fits, wish
from handlers.say import Say
from tickets.model import Event, Point, Priority, Status, Ticket

RATED = 4
FAR_AWAY = Point(latitude=15.4, longitude=-66.5)  # at sea, for all that the city knows
_STATUS = (Say.STATUS, Say.STATUS_LATE, Say.STATUS_WAITING, Say.STATUS_CLOSED, Say.MY_REPORTS)
_DONE = {
    "es": "Ya quedó reparado.", "pt": "Já foi consertado.", "en": "It has been repaired.", "fr": "C'est réparé.",
}  # fmt: skip


async def play(citizen: Citizen) -> str:
    """The whole conversation."""
    return await GOALS[citizen.persona.goal](citizen)


def _wish(citizen: Citizen) -> Wish:
    return wish(citizen.persona.service, citizen.words, citizen.random)


async def _tickets(citizen: Citizen) -> list[Ticket]:
    return await citizen.world.tickets(citizen.persona.channel, citizen.phone)


async def _filed(citizen: Citizen) -> tuple[str, Wish]:
    """A report to begin with; its number, "" where it was not filed."""
    wanted = _wish(citizen)
    return await file(citizen, wanted, citizen.persona.telling) or "", wanted


async def _judged(citizen: Citizen, *wishes: Wish) -> str:
    tickets = await _tickets(citizen)
    if len(tickets) != len(wishes):
        return f"{len(tickets)} tickets instead of {len(wishes)}"
    wrong = [wanted.service for wanted in wishes if not any(fits(wanted, ticket) for ticket in tickets)]
    return f"no right ticket of {', '.join(wrong)}" if wrong else ""


async def report(citizen: Citizen) -> str:
    number, wanted = await _filed(citizen)
    if not number:
        return "not filed"
    if citizen.random.random() < 0.5:  # the others are silent at the end
        await citizen.say("thanks")
    return await _judged(citizen, wanted)


async def two(citizen: Citizen) -> str:
    first = _wish(citizen)
    services = [code for code in citizen.words.openings if code not in (first.service, "other")]
    second = wish(citizen.random.choice(services), citizen.words, citizen.random)
    begin = len(citizen.heard)
    joint = citizen.words.phrase("also", citizen.random)
    await citizen.tell(f"{first.whole}, {joint} {second.whole}")
    await pursue(citizen, first, RECEIPTS, begin=begin)
    later = [place for place, heard in enumerate(citizen.heard) if heard.says(*RECEIPTS)]
    if not later:
        return "not filed"
    await pursue(citizen, second, RECEIPTS, begin=later[0] + 1)
    return await _judged(citizen, first, second)


async def status(citizen: Citizen) -> str:
    number, wanted = await _filed(citizen)
    if not number:
        return "not filed"
    await citizen.wait(hours=citizen.random.choice((3, 20)))
    how = citizen.random.choice(("status", "status_number", "status_service", "my_reports"))
    await citizen.say(how, number=number, service=citizen.words.services[wanted.service])
    told = citizen.last(*_STATUS)
    if told is None or number not in told.bubble.text:
        return f"{how}: the status was not told"
    return await _judged(citizen, wanted)


async def correct(citizen: Citizen) -> str:
    number, wanted = await _filed(citizen)
    if not number:
        return "not filed"
    await citizen.wait(hours=citizen.random.choice((0.1, 5)))
    begin = len(citizen.heard)
    if citizen.random.random() < 0.5:
        await _another_service(citizen, wanted)
    else:
        await _another_place(citizen, wanted)
    if not await answer(citizen, wanted, frozenset({Say.CORRECTED}), begin=begin):
        return "not corrected"
    if any(update.event is Event.CORRECTED for update in await citizen.world.history(number)):
        return await _judged(citizen, wanted)
    return "the history does not tell of it"


async def _another_service(citizen: Citizen, wanted: Wish) -> None:
    names = citizen.words.services
    right = citizen.random.choice([code for code in names if code not in (wanted.service, "other")])
    await citizen.say("correct_service", wrong=names[wanted.service], right=names[right])
    wanted.service = right


async def _another_place(citizen: Citizen, wanted: Wish) -> None:
    wanted.spot = citizen.random.choice([spot for spot in citizen.words.spots if spot.meant != wanted.spot.meant])
    wanted.pinned = wanted.marked = False
    await citizen.say("correct_place", place=wanted.spot.alone)


async def _joined(citizen: Citizen) -> str:
    """A neighbour's report that this citizen joined; "" where they could not."""
    wanted = _wish(citizen)
    quiet = replace(citizen.persona, temper=Temper.PATIENT, careless=False, telling=Telling.WHOLE)
    neighbour = Citizen(citizen.world, citizen.book, quiet, citizen.phone + "9")
    number = await file(neighbour, replace(wanted), Telling.WHOLE)
    if not number:
        return ""
    await citizen.wait(hours=20)
    wanted.joins, wanted.problem = True, citizen.words.opening(wanted.service, citizen.random)
    return await file(citizen, wanted, Telling.WHOLE) or ""


async def join(citizen: Citizen) -> str:
    number = await _joined(citizen)
    if not number or await _tickets(citizen):
        return "a ticket of their own" if number else "not joined"
    ticket = await citizen.world.ticket(number)
    if ticket is None or ticket.followers != 1:
        return "nobody follows it"
    begin = len(citizen.heard)
    await citizen.world.move(number, Status.IN_PROGRESS)
    citizen.look()
    return "" if any(heard.says(Say.NOTICE) for heard in citizen.heard[begin:]) else "no news for who joined"


async def leave(citizen: Citizen) -> str:
    number = await _joined(citizen)
    if not number or await _tickets(citizen):
        return "not joined"
    await citizen.say("leave", number=number)
    ticket = await citizen.world.ticket(number)
    left = ticket is not None and ticket.followers == 0
    return "" if left and citizen.last(Say.LEFT) else "not left"


async def _resolved(citizen: Citizen) -> str:
    """A report that a clerk resolves, and the question whether it is fixed; "" where it was not asked."""
    number, _ = await _filed(citizen)
    if not number:
        return ""
    await citizen.wait(hours=6)
    await citizen.world.move(number, Status.RESOLVED, _DONE[citizen.language])
    citizen.look()
    for _ in range(24):
        if citizen.last(Say.IS_IT_FIXED, Say.IS_IT_FIXED_LATER):
            return number
        await citizen.wait(hours=1)
    return ""


async def reopen(citizen: Citizen) -> str:
    number = await _resolved(citizen)
    if not number:
        return "never asked whether it is fixed"
    await citizen.say("not_fixed")
    if citizen.last(Say.REOPENED) is None:
        return "not reopened"
    await citizen.say("still")
    ticket = await citizen.world.ticket(number)
    return "" if ticket and ticket.reopened == 1 and ticket.closed_at is None else "the ticket is not open again"


async def rate(citizen: Citizen) -> str:
    number = await _resolved(citizen)
    if not number:
        return "never asked whether it is fixed"
    await citizen.say("fixed")
    if citizen.last(Say.RATE) is None:
        return "not asked to rate"
    await citizen.write(str(RATED))
    if citizen.random.random() < 0.5:
        await citizen.say("word")
    return "" if await citizen.world.rated(number) == [RATED] else "not rated"


async def comment(citizen: Citizen) -> str:
    number, wanted = await _filed(citizen)
    if not number:
        return "not filed"
    await citizen.wait(hours=20)
    await citizen.random.choice((_by_word, _by_photo, _by_voice))(citizen)
    if (asked := citizen.question()) and asked.question is Say.WHICH_TICKET:
        await citizen.choose(asked.choices[0])
    if citizen.last(Say.COMMENT_KEPT, Say.VOICE_KEPT) is None:
        return "not kept"
    commented = any(update.event is Event.COMMENTED for update in await citizen.world.history(number))
    return await _judged(citizen, wanted) if commented else "not in the history"


async def _by_word(citizen: Citizen) -> None:
    await citizen.say("comment")


async def _by_photo(citizen: Citizen) -> None:
    await citizen.photo(citizen.words.phrase("photo", citizen.random))


async def _by_voice(citizen: Citizen) -> None:
    await citizen.voice()


async def my_data(citizen: Citizen) -> str:
    if not (await _filed(citizen))[0]:
        return "not filed"
    await _coded(citizen, "my_data", Say.MY_DATA_CODE)
    return "" if citizen.last(Say.MY_DATA) else "no data"


async def erase(citizen: Citizen) -> str:
    number, _ = await _filed(citizen)
    if not number:
        return "not filed"
    await _coded(citizen, "erase", Say.ERASE_CODE)
    if citizen.last(Say.ERASED) is None:
        return "not erased"
    return "their ticket still knows them" if await _tickets(citizen) else ""


async def _coded(citizen: Citizen, wanted: str, asks: Say) -> None:
    await citizen.say(wanted)
    if told := citizen.last(asks):
        await citizen.write(told.values["code"])


async def stop(citizen: Citizen) -> str:
    number, _ = await _filed(citizen)
    if not number:
        return "not filed"
    await citizen.say("stop")
    if (asked := citizen.last(Say.STOP_ASK)) and citizen.last(Say.STOPPED) is None:
        await citizen.choose(asked.choices[0])
    before = citizen.silence
    await citizen.world.move(number, Status.IN_PROGRESS)
    await citizen.wait(hours=30)
    citizen.talk.after_stop = citizen.silence - before
    stopped = await citizen.world.citizen(citizen.persona.channel, citizen.phone)
    return "" if stopped and stopped.opted_out and not citizen.talk.after_stop else "still written to"


async def human(citizen: Citizen) -> str:
    await citizen.say("human")
    if citizen.last(Say.HANDED_OVER, Say.HANDED_OVER_LATER) is None:
        return "not handed over"
    before = citizen.silence
    await citizen.say("to_clerk")
    if citizen.silence != before:
        return "the bot talks on"
    me = await citizen.world.citizen(citizen.persona.channel, citizen.phone)
    if me is None:
        return "unknown"
    await citizen.world.writes(me, citizen.words.phrase("to_clerk", citizen.random))
    citizen.look()
    answered = citizen.last(Say.CLERK_SAYS)
    await citizen.world.writes(me, "", closes=True)
    citizen.look()
    return "" if answered and citizen.last(Say.BOT_BACK) else "no answer of a clerk"


async def information(citizen: Citizen) -> str:
    await citizen.say("information")
    if citizen.last(Say.TOLD) is None:
        return "not told"
    asked = citizen.question()
    if asked and asked.question is Say.WAS_THIS_IT:
        await citizen.say("agree")
    return "" if citizen.last(Say.GLAD) else "not asked whether it was this"


async def emergency(citizen: Citizen) -> str:
    spot = citizen.spot()
    await citizen.say("emergency", place=spot.behind)
    first = next((heard.say for heard in citizen.heard if heard.say is Say.EMERGENCY or heard.question), None)
    if first is not Say.EMERGENCY:
        return "no number to call at once"
    wanted = replace(_wish(citizen), spot=spot, whatever=True)
    if citizen.question() is None:
        return ""
    if await pursue(citizen, wanted, frozenset({Say.RECEIPT_URGENT}), begin=0) is None:
        return "not filed"
    tickets = await _tickets(citizen)
    urgent = [ticket for ticket in tickets if ticket.priority is Priority.EMERGENCY]
    return "" if len(urgent) == len(tickets) == 1 else "no ticket of the highest priority"


async def outside(citizen: Citizen) -> str:
    begin = len(citizen.heard)
    await citizen.tell(citizen.words.opening(citizen.persona.service, citizen.random))
    wanted = replace(_wish(citizen), service=citizen.persona.service, pinned=True, elsewhere=FAR_AWAY)
    said = await answer(citizen, wanted, frozenset({Say.OUTSIDE, Say.OUTSIDE_UNKNOWN, Say.OTHER_BODY}), begin=begin)
    return "" if said and not await _tickets(citizen) else "not told whose it is"


GOALS: Mapping[Goal, Callable[[Citizen], Awaitable[str]]] = {
    Goal.REPORT: report,
    Goal.TWO: two,
    Goal.STATUS: status,
    Goal.CORRECT: correct,
    Goal.JOIN: join,
    Goal.LEAVE: leave,
    Goal.REOPEN: reopen,
    Goal.RATE: rate,
    Goal.COMMENT: comment,
    Goal.MY_DATA: my_data,
    Goal.ERASE: erase,
    Goal.STOP: stop,
    Goal.HUMAN: human,
    Goal.INFORMATION: information,
    Goal.EMERGENCY: emergency,
    Goal.OUTSIDE: outside,
}
