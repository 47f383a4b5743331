from datetime import timedelta

import pytest

from bot.i18n import Words
from bot.notices import Desk, NoteTooLong
from tests.bot.conftest import WHOLE
from tests.town import CITY, Town
from tickets.model import Status


async def test_a_note_that_does_not_fit_in_a_message_of_the_channel_is_refused_and_nothing_is_done(
    puerto: Town,
) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    desk = Desk(puerto.store, Words(CITY), puerto.clock, CITY, {"simulated_telegram": 200})
    with pytest.raises(NoteTooLong):
        await desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="a" * 200)
    assert await puerto.tickets() == [ticket]
    await desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="a" * 50)
    await puerto.settle()
    assert "a" * 50 in puerto.screen()[-1]


@pytest.mark.parametrize(("to", "dated"), [(Status.IN_PROGRESS, True), (Status.RESOLVED, False)])
async def test_after_a_wait_for_the_citizen_they_are_told_the_date_that_has_moved(
    puerto: Town, to: Status, dated: bool
) -> None:
    """Of what is closed there is no date to tell. While it waits none is told either: its clock stands."""
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    await puerto.desk.move(number=ticket.number, to=Status.WAITING, version=1, login="rosa", note="¿Cuál?")
    await puerto.settle()
    assert "esperamos" not in puerto.screen()[-1]
    puerto.clock.forward(days=20)
    (status, *_) = await puerto.says(ticket.number)
    assert ticket.number in status
    assert "resolverlo" not in status
    assert "en espera" in status
    await puerto.desk.move(number=ticket.number, to=to, version=2, login="rosa", note="")
    await puerto.settle()
    (after,) = await puerto.tickets()
    assert after.due_at > ticket.due_at + timedelta(days=15)
    assert ("Ahora esperamos resolverlo para el" in puerto.screen()[-1]) is dated
