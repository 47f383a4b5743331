"""When it is asked whether it is fixed: after what is open, once, and never those who may not be written to."""

import pytest

from tests.bot.conftest import WHOLE
from tests.bot.resolved import NEWS, closures, file, know, minutes_pass, move, newest
from tests.town import ScriptedParser, Town
from tickets.model import Status


@pytest.fixture(autouse=True)
def known(parser: ScriptedParser) -> None:
    know(parser)


async def test_in_a_report_the_question_waits_until_that_is_over_and_is_asked_once(puerto: Town) -> None:
    ticket = await file(puerto)
    await puerto.says("hay basura")
    await move(puerto, ticket.number)
    assert "[Sí]" not in puerto.screen()[-1]
    await minutes_pass(puerto)
    await puerto.says("Molino 3")
    await minutes_pass(puerto)
    await puerto.says("1")
    seen = len(puerto.screen())
    for _ in range(3):
        await minutes_pass(puerto)
    (asked,) = puerto.screen()[seen:]
    assert asked == f"Reporte {ticket.number}, Bache, Av. Bolívar 123: ¿quedó bien? [Sí] [No]"
    assert (await puerto.presses("Sí"))[0].startswith("¡Qué bueno!")


async def test_a_message_that_waits_for_its_answer_comes_first(puerto: Town) -> None:
    ticket = await file(puerto)
    await puerto.says("hay basura", settle=False)
    await move(puerto, ticket.number)
    assert all("[Sí] [No]" not in said for said in puerto.screen()[-2:])
    assert (await closures(puerto, ticket.number))[0].due is not None


async def test_two_tickets_are_asked_about_one_after_the_other(puerto: Town) -> None:
    one = await file(puerto)
    await puerto.says(WHOLE)
    await puerto.says("2")  # the same place again: one of their own, not that one
    other = await newest(puerto)
    await move(puerto, one.number)
    await move(puerto, other.number)
    assert [said.endswith("[Sí] [No]") for said in puerto.screen()[-2:]] == [True, False]
    await minutes_pass(puerto)
    assert not puerto.screen()[-1].endswith("[Sí] [No]")
    await puerto.presses("Sí")
    await puerto.presses("5")
    await puerto.says("no gracias")
    await minutes_pass(puerto)
    assert puerto.screen()[-1].startswith(f"Reporte {other.number}")


@pytest.mark.parametrize("what", ["opened", "late"])
async def test_what_is_open_again_or_long_past_is_never_asked_about(puerto: Town, what: str) -> None:
    ticket = await file(puerto)
    await puerto.says("hay basura")
    await move(puerto, ticket.number)
    if what == "opened":
        await move(puerto, ticket.number, Status.IN_PROGRESS)
    else:
        puerto.clock.forward(hours=72)
    await puerto.says("Molino 3")
    await puerto.says("1")
    seen = len(puerto.screen())
    await minutes_pass(puerto)
    assert puerto.screen()[seen:] == []
    assert [closure.due for closure in await closures(puerto, ticket.number)] == [None]


async def test_who_said_stop_is_asked_nothing(puerto: Town) -> None:
    ticket = await file(puerto)
    await puerto.says("STOP")
    seen = len(puerto.screen())
    await move(puerto, ticket.number)
    await minutes_pass(puerto)
    assert puerto.screen()[seen:] == []


async def test_outside_whatsapps_window_no_question_is_begun_and_an_answer_still_counts(puerto: Town) -> None:
    ticket = await file(puerto, "whatsapp")
    puerto.clock.forward(hours=25)
    await move(puerto, ticket.number)
    assert puerto.screen("whatsapp")[-1].startswith(NEWS)
    (asked,) = await puerto.says("no", style="whatsapp")
    assert asked.startswith("Lo siento. Reabrí")


async def test_what_had_to_wait_is_not_asked_outside_whatsapps_window(puerto: Town) -> None:
    ticket = await file(puerto, "whatsapp")
    await puerto.says("hay basura", style="whatsapp")
    await move(puerto, ticket.number)
    async with puerto.store.work() as work:
        citizen = await work.citizens.find(puerto.phones["simulated_whatsapp"].say("p1", "x").sender)
        assert citizen
        await work.dialogues.save(citizen.id, None, puerto.clock.now())
        await work.commit()
    seen = len(puerto.screen("whatsapp"))
    puerto.clock.forward(hours=25)
    await minutes_pass(puerto)
    assert puerto.screen("whatsapp")[seen:] == []
    assert (await closures(puerto, ticket.number))[0].due is not None
