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
