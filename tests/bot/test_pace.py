"""Another bot is not answered for ever; whoever writes fast as a person does is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.inbox.pace import Limits
from tests.bot.conftest import WHOLE
from tests.town import ScriptedParser, Town, parse, town

LIMITS = Limits(answers=25, alike=8, span=timedelta(minutes=10))
AWAY = "Gracias por su mensaje. Estamos fuera."
REPORT = "hay un bache en Calle"
PAUSED = "muchos mensajes seguidos"


@pytest.fixture
async def city(tmp_path: Path, database_url: str, parser: ScriptedParser) -> AsyncIterator[Town]:
    for n in range(5):
        parser.known[f"como va el de Calle {n}"] = parse("check_status")
        parser.known[f"{REPORT} {n}"] = parse("report_pothole", f"{REPORT} {n}", location=f"Calle {n}", language="es")
    parser.known["muchas gracias"] = parser.known[AWAY] = parse("thank")
    for n in range(60):  # who is not understood three times is given a person, and gets no more answers by itself
        for words in (f"hola, soy el asistente número {n}", f"hola {n}", f"y otra vez {n}"):
            parser.known[words] = parse("greet")
    async with town(tmp_path, parser, database_url=database_url, limits=LIMITS) as place:
        yield place


async def aside(city: Town) -> list[tuple[str, str]]:
    async with city.store.view() as view:
        return [(message.reason, message.text) for message in (await view.set_aside.page(0, 100)).rows]


async def test_a_machine_that_says_the_same_again_and_again_is_answered_no_more_and_a_clerk_sees_it(city: Town) -> None:
    screens = [await city.says(AWAY, style="sms") for _ in range(30)]
    answered = [said for said in screens if said]
    assert PAUSED in answered[-1][0]
    assert "".join(map("".join, answered)).count(PAUSED) == 1  # told once
    assert 8 <= len(answered) - 1 < 20
    kept = await aside(city)
    assert len(kept) == 30 - len(answered) + 1  # all that was not answered, the last one included
    assert {reason for reason, _ in kept} == {"loop"}


async def test_a_machine_with_something_new_to_say_each_time_comes_to_an_end_too(city: Town) -> None:
    screens = [await city.says(f"hola, soy el asistente número {n}", style="sms") for n in range(40)]
    assert "".join(map("".join, screens)).count(PAUSED) == 1
    assert len([said for said in screens if said]) == LIMITS.answers + 1


async def test_a_report_written_meanwhile_is_not_lost(city: Town) -> None:
    for n in range(30):
        await city.says(f"hola {n}", style="sms")
    assert await city.says(WHOLE, style="sms") == []
    assert ("loop", WHOLE) in await aside(city)


async def test_after_some_silence_answers_come_again(city: Town) -> None:
    for n in range(30):
        await city.says(f"hola {n}", style="sms")
    city.clock.forward(minutes=11)
    assert await city.says(WHOLE, style="sms")


async def test_who_goes_on_without_a_pause_stays_unanswered(city: Town) -> None:
    for n in range(30):
        await city.says(f"hola {n}", style="sms")
    for n in range(30):
        city.clock.forward(minutes=1)
        assert await city.says(f"y otra vez {n}", style="sms") == []


async def test_stop_is_heard_from_whoever_writes_too_much(city: Town) -> None:
    for n in range(30):
        await city.says(f"hola {n}")
    await city.says("baja")
    async with city.store.view() as view:
        citizen = await view.citizens.find(city.phones["simulated_telegram"].say("p1", "x").sender)
    assert citizen is not None
    assert citizen.opted_out


async def test_twenty_messages_of_somebody_who_types_fast_are_all_answered(city: Town) -> None:
    """Five reports in a row, each with its summary, a yes, a question and thanks, one message every three seconds."""
    for n in range(5):
        for text in (f"{REPORT} {n}", "Sí", f"como va el de Calle {n}", "muchas gracias"):
            city.clock.forward(seconds=3)
            assert await (city.presses(text) if text == "Sí" else city.says(text))
    assert len(await city.tickets()) == 5
    assert await aside(city) == []


async def test_many_photos_one_after_the_other_are_nothing_alike(city: Town) -> None:
    for n in range(20):
        assert await city.says("", photo=bytes([255, n]))


async def test_without_limits_nobody_is_stopped(tmp_path: Path, parser: ScriptedParser) -> None:
    parser.known["hola"] = parse("greet")
    async with town(tmp_path, parser, limits=Limits(answers=0, alike=0)) as place:
        for _ in range(60):
            assert await place.says("hola")


async def test_what_one_process_counts_the_next_one_goes_on_with(city: Town) -> None:
    for n in range(15):
        await city.says(f"hola {n}", style="sms")
    city.inbox._busy._answers.clear()  # as if it had been restarted
    screens = [await city.says(f"y otra vez {n}", style="sms") for n in range(30)]
    assert len([said for said in screens if said]) <= LIMITS.answers - 15 + 5 + 1


async def test_who_is_in_danger_is_told_whom_to_call_also_in_the_pause(city: Town) -> None:
    for n in range(30):
        await city.says(f"hola {n}", style="sms")
    assert "112" in "".join(await city.says("ayuda hay un herido", style="sms"))
    assert await city.says("gracias", style="sms") == []  # the pause goes on


async def test_a_machine_that_speaks_of_danger_each_time_comes_to_an_end(city: Town) -> None:
    answered = 0
    for n in range(100):
        city.clock.forward(seconds=10)
        answered += bool(await city.says(f"ayuda hay {n} heridos, hay un herido", style="sms"))
    assert answered <= 2 * LIMITS.answers + 1  # the last one says that there will be no more
    assert await city.says("ayuda hay otro herido", style="sms") == []
