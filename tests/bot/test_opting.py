"""STOP and START hold for SMS and WhatsApp of the same number."""

import pytest

from channels.message import Contact
from channels.numbers import other
from channels.simulator import Style
from tests.bot.conftest import WHOLE
from tests.town import Town
from tickets.model import Status

BOTH: list[tuple[Style, Style]] = [("sms", "whatsapp"), ("whatsapp", "sms")]


@pytest.mark.parametrize(("here", "there"), BOTH)
async def test_who_says_stop_on_one_gets_nothing_on_the_other(puerto: Town, here: Style, there: Style) -> None:
    await puerto.says(WHOLE, style=there)
    await puerto.says("1", style=there)
    (ticket,) = await puerto.tickets(style=there)
    await puerto.says("no más mensajes", style=here)
    await puerto.says("BAJA", style=here)
    shown = len(puerto.screen(there))
    await puerto.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    await puerto.settle()
    assert len(puerto.screen(there)) == shown


@pytest.mark.parametrize(("here", "there"), BOTH)
async def test_start_on_one_undoes_stop_on_the_other(puerto: Town, here: Style, there: Style) -> None:
    await puerto.says("hola", style=there)
    await puerto.says("BAJA", style=there)
    assert await puerto.says("hola", style=there) == []
    await puerto.says("ALTA", style=here)
    assert await puerto.says("hola", style=there) != []


async def test_stop_before_the_first_message_on_the_other_holds_there_too(puerto: Town) -> None:
    await puerto.says("BAJA", style="sms")
    assert await puerto.says("hola", style="whatsapp") == []


async def test_stop_on_one_stays_although_a_message_on_the_other_was_being_answered(puerto: Town) -> None:
    await puerto.reception.accept([puerto.phones["simulated_whatsapp"].say("p1", WHOLE)])
    async with puerto.store.work() as work:
        (arrival,) = await work.inbox.claim("test", puerto.clock.now(), 60, 10)
        await work.commit()
    await puerto.says("BAJA", style="sms")
    await puerto.inbox._handle(arrival)  # which remembers the language and that it has said hello
    await puerto.settle()
    async with puerto.store.view() as view:
        citizen = await view.citizens.get(arrival.citizen.id)
    assert citizen is not None
    assert (citizen.opted_out, citizen.welcomed) == (True, True)
    assert await puerto.says("hola", style="whatsapp") == []


async def test_stop_on_telegram_concerns_nobody_else(puerto: Town) -> None:
    await puerto.says("BAJA", style="telegram")
    assert await puerto.says("hola", style="sms") != []


def test_only_channels_with_numbers_have_another() -> None:
    sms = Contact(channel="sms", address="+525512345678")
    whatsapp = other(sms)
    assert whatsapp == Contact(channel="whatsapp", address="+525512345678")
    assert other(whatsapp) == sms
    assert other(Contact(channel="telegram", address="55")) is None
