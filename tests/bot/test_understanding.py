"""How long messages wait for a model that is only starting, and what is noted of it."""

import pytest
from sqlalchemy import text

from bot.inbox.understanding import PATIENCE, Understanding
from bot.metrics import Counters
from nlu.parse import NluStarting, NluUnavailable
from tests.town import ScriptedParser, Town


class Timer:
    """Seconds that go forward when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def starting(timer: Timer) -> Understanding:
    return Understanding(ScriptedParser(trouble=NluStarting()), Counters(), timer)


async def waits(model: Understanding) -> bool:
    try:
        assert await model.of("hay un bache") is None
    except NluStarting:
        return True
    return False


async def test_a_start_is_waited_for_from_when_it_is_first_seen() -> None:
    timer = Timer()
    model, waited = starting(timer), 0
    while await waits(model):
        waited += 1
        timer.seconds += 1
    assert waited == PATIENCE


async def test_the_next_start_is_waited_for_again() -> None:
    parser, timer = ScriptedParser(trouble=NluStarting()), Timer()
    model = Understanding(parser, Counters(), timer)
    assert await waits(model)
    parser.trouble = None
    timer.seconds += 29
    assert await model.of("hola")
    parser.trouble = NluStarting()
    timer.seconds += 2
    assert await waits(model)


async def test_a_start_that_nobody_watched_does_not_count_for_the_next_one() -> None:
    timer = Timer()
    model = starting(timer)
    assert await waits(model)
    timer.seconds += 3 * 3600
    assert await waits(model)


async def test_one_that_never_ends_starting_is_not_waited_for_by_each_message_anew() -> None:
    timer = Timer()
    model = starting(timer)
    for _ in range(4):
        await waits(model)
        timer.seconds += 10
    assert not await waits(model)


async def test_who_writes_while_the_model_starts_gets_the_menu_in_time_though_the_clock_is_set_back(
    puerto: Town,
) -> None:
    understanding, timer = puerto.inbox._understanding, Timer()
    understanding._timer = timer
    assert isinstance(understanding._parser, ScriptedParser)
    understanding._parser.trouble = NluStarting()
    await puerto.says("hay un bache en Av. Bolívar 123")
    puerto.clock.forward(hours=-1)
    for _ in range(4):
        timer.seconds += 10
        async with puerto.store.work() as work:  # due, for only the waiting for the model is looked at
            await work._tx.execute(text("UPDATE inbox SET due = 0"))
            await work.commit()
        await puerto.settle()
    assert "Bache" in puerto.screen()[-1]


async def test_a_backlog_of_a_process_that_was_down_waits_for_the_model_instead_of_getting_menus(
    puerto: Town,
) -> None:
    parser = puerto.inbox._understanding._parser
    assert isinstance(parser, ScriptedParser)
    for number in range(3):
        await puerto.says("hay un bache en Av. Bolívar 123", phone=f"p{number}", settle=False)
    puerto.clock.forward(seconds=60)  # nobody was there
    parser.trouble = NluStarting()
    await puerto.settle()
    parser.trouble = None
    puerto.clock.forward(seconds=5)
    await puerto.settle()
    for number in range(3):
        assert "Bache" in puerto.screen(phone=f"p{number}")[-1]
        assert "Ya tengo su mensaje" not in puerto.screen(phone=f"p{number}")[-1]


async def test_a_message_that_is_looked_at_again_is_understood_once_for_two_minutes() -> None:
    parser, timer = ScriptedParser(), Timer()
    model = Understanding(parser, Counters(), timer)
    for _ in range(5):
        await model.of("hay un bache en la calle Molino")
        timer.seconds += 20
    assert len(parser.asked) == 1
    timer.seconds += 100
    await model.of("hay un bache en la calle Molino")
    assert len(parser.asked) == 2


async def test_no_more_than_a_hundred_texts_are_remembered_and_none_is_shown() -> None:
    parser, timer = ScriptedParser(), Timer()
    model = Understanding(parser, Counters(), timer)
    for number in range(101):
        await model.of(f"secreto {number}")
    await model.of("secreto 0")
    assert len(parser.asked) == 102
    assert "secreto" not in repr(model._recent)


@pytest.mark.parametrize(("trouble", "down"), [(None, 0), (NluUnavailable(), 1), (NluStarting(), 1)])
async def test_whether_the_model_answered_and_in_what_time_is_noted(trouble: Exception | None, down: int) -> None:
    counters, ticks = Counters(), iter([1.0, 1.02])
    model = Understanding(ScriptedParser(trouble=trouble), counters, timer=lambda: next(ticks))
    await waits(model) if trouble else await model.of("hola")
    assert counters.states() == {"nlu_down": down}
    times = counters.times().get("parse_seconds")
    assert (round(times.total, 3), times.counts[4]) == (0.02, 1) if times else trouble
