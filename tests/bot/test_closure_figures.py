"""What citizens said to the end of a report stays what it was in the figures, however often it is resolved again."""

import pytest

from tests.bot.resolved import BROKEN, closures, file, know, minutes_pass, move, stored
from tests.store.recount import answers_by_history
from tests.store.test_figures_demo import gathered
from tests.town import CITY, ScriptedParser, Town
from tickets.figures import Figure, Scope
from tickets.model import Status
from tickets.period import Period

QUESTIONS = (Figure.ASKED, Figure.CONFIRMED, Figure.DISPUTED, Figure.UNANSWERED, Figure.REOPENED)


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    know(parser)


async def counts(puerto: Town, begin: Period) -> list[int | None]:
    async with puerto.store.view() as view:
        found = await view.statistics.digest(CITY, begin, Scope(), puerto.clock.now())
    return [found.whole.now.count(figure) for figure in QUESTIONS]


async def test_each_resolution_keeps_its_question_and_its_answer(puerto: Town) -> None:
    first_day = puerto.clock.now().astimezone(CITY.calendar.zone).date()
    weeks = [Period(begin=first_day).before(-n) for n in range(4)]
    number = (await file(puerto)).number

    await move(puerto, number)
    await puerto.says("1")  # yes; and on second thoughts no
    await puerto.says(BROKEN)
    assert (await stored(puerto, number)).status is Status.IN_PROGRESS

    puerto.clock.forward(hours=7 * 24)
    await move(puerto, number)
    await puerto.says("1")
    await move(puerto, number, Status.IN_PROGRESS)  # by a clerk

    puerto.clock.forward(hours=7 * 24)
    await puerto.says("hay basura")  # something else is talked about: the question has to wait
    await move(puerto, number)
    await puerto.says("Molino 3")
    await puerto.says("1")
    await puerto.says("el bache sigue igual")  # nobody has asked
    assert (await stored(puerto, number)).status is Status.IN_PROGRESS

    puerto.clock.forward(hours=7 * 24)
    await move(puerto, number)
    await minutes_pass(puerto)
    assert [await counts(puerto, week) for week in weeks] == [
        [1, 0, 1, 0, 1], [1, 1, 0, 0, 1], [0, 0, 0, 0, 1], [1, 0, 0, 1, 0],
    ]  # fmt: skip
    town = await gathered(puerto.store)
    said = {(one.number, one.citizen, one.resolved_at): one.answer for one in town.closures}
    assert list(said.values()) == ["no", "yes", "no", None]
    assert said == answers_by_history(town)
    (live,) = await closures(puerto, number)
    assert (live.answer, live.asked_at is not None) == (None, True)
