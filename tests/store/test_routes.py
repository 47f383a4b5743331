"""What a dry run of rules reads: counts by service and area, and the words of some kinds, the newest first."""

from dataclasses import replace
from datetime import timedelta

from channels.message import Contact, Inbound
from store.database import Database
from tests.samples import TICKET
from tests.store.samples import NOON
from tickets.model import CITIZEN, Place
from tickets.workflow import filed

KINDS = [("pothole", "centro"), ("pothole", None), ("tree", "centro"), ("pothole", "centro"), ("waste", None)]


async def test_kinds_are_counted_and_read_in_pages(database: Database) -> None:
    async with database.work() as work:
        sender = Contact(channel="telegram", address="1")
        await work.inbox.accept([Inbound(sender=sender, external_id="1", received_at=NOON)])
        for n, (service, area) in enumerate(KINDS):
            ticket = replace(
                TICKET, number=f"AAA-{n:03}", service=service, place=Place(words="aquí", area=area),
                filed_at=NOON + timedelta(minutes=n // 2), description=f"said {n}",
            )  # fmt: skip
            await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
        await work.commit()
    async with database.view() as view:
        sorts = await view.routes.sorts(NOON)
        assert {(one.service, one.area): one.tickets for one in sorts} == {
            ("pothole", "centro"): 2, ("pothole", None): 1, ("tree", "centro"): 1, ("waste", None): 1
        }  # fmt: skip
        assert sum(one.tickets for one in await view.routes.sorts(NOON + timedelta(minutes=1))) == 3
        found, before = [], None
        while True:
            some, before = await view.routes.filed([("pothole", "centro"), ("pothole", None)], NOON, before, 2)
            found += [(one.number, one.words) for one in some]
            if before is None:
                break
        assert found == [(f"AAA-00{n}", f"said {n}\naquí") for n in (3, 1, 0)]
        assert await view.routes.filed([], NOON, None, 2) == ([], None)
