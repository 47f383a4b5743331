"""A ticket that came from another system, at the desk."""

from dataclasses import replace

from bot.ports.moving import IMPORT
from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import SYSTEM, Change, Field
from tickets.workflow import filed


async def test_a_ticket_shows_the_number_that_it_had(world: World) -> None:
    former = Change(field=Field.FORMER, new="2019-<77>")
    ticket = replace(TICKET, channel=IMPORT, confidence=None)
    sender = Contact(channel=IMPORT, address="old-crm")
    async with world.store.work() as work:
        await work.inbox.accept([Inbound(sender=sender, external_id="1", received_at=NOW)])
        await work.tickets.file(ticket, replace(filed(ticket, actor=SYSTEM), changes=(former,)))
        await work.commit()
    await world.log_in()
    page = await world.page(f"/desk/tickets/{ticket.number}")
    assert "Former number: <bdi>2019-&lt;77&gt;</bdi>" in page
    found = await world.page("/desk?q=2019-77")
    assert ticket.number in found
