"""How long messages wait for a model that is only starting, and what is noted of it."""

from datetime import timedelta

import pytest

from bot.inbox.understanding import PATIENCE, Understanding
from bot.metrics import Counters
from nlu.parse import NluStarting, NluUnavailable
from tests.town import START, Clock, ScriptedParser, Town

SECOND = timedelta(seconds=1)


async def waits(model: Understanding, clock: Clock) -> bool:
    try:
        assert await model.of("hay un bache", clock.at) is None
    except NluStarting:
        return True
    return False


async def test_a_start_is_waited_for_from_when_it_is_first_seen() -> None:
    clock, model = Clock(START), Understanding(ScriptedParser(trouble=NluStarting()), Counters())
    waited = 0
    while await waits(model, clock):
        waited += 1
        clock.forward(seconds=1)
    assert waited == PATIENCE // SECOND


async def test_the_next_start_is_waited_for_again() -> None:
    parser, clock = ScriptedParser(trouble=NluStarting()), Clock(START)
    model = Understanding(parser, Counters())
    assert await waits(model, clock)
    parser.trouble = None
    clock.forward(seconds=29)
    assert await model.of("hola", clock.at)
    parser.trouble = NluStarting()
    clock.forward(seconds=2)
    assert await waits(model, clock)


async def test_a_start_that_nobody_watched_does_not_count_for_the_next_one() -> None:
    clock, model = Clock(START), Understanding(ScriptedParser(trouble=NluStarting()), Counters())
    assert await waits(model, clock)
    clock.forward(hours=3)
    assert await waits(model, clock)


async def test_one_that_never_ends_starting_is_not_waited_for_by_each_message_anew() -> None:
    clock, model = Clock(START), Understanding(ScriptedParser(trouble=NluStarting()), Counters())
    for _ in range(4):
        await waits(model, clock)
        clock.forward(seconds=10)
    assert not await waits(model, clock)


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


@pytest.mark.parametrize(("trouble", "down"), [(None, 0), (NluUnavailable(), 1), (NluStarting(), 1)])
async def test_whether_the_model_answered_and_in_what_time_is_noted(trouble: Exception | None, down: int) -> None:
    counters, ticks = Counters(), iter([1.0, 1.02])
    model = Understanding(ScriptedParser(trouble=trouble), counters, timer=lambda: next(ticks))
    await waits(model, Clock(START)) if trouble else await model.of("hola", START)
    assert counters.states() == {"nlu_down": down}
    times = counters.times().get("parse_seconds")
    assert (round(times.total, 3), times.counts[4]) == (0.02, 1) if times else trouble
