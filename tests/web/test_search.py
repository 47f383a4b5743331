"""The search box of the desk."""

from dataclasses import replace

import pytest

from bot.ports import Said
from handlers.effects import ThreadKind
from tests.samples import TICKET
from tests.web.world import CITY, NOW, World
from tickets.model import CITIZEN, Place, Status
from tickets.workflow import comment
from web.queue.sought import sought

SECOND = replace(TICKET, number="84G-7ZR", service="lighting", description="poste caído", place=Place(words="x"))
CLOSED = replace(TICKET, number="Z1R-V01", status=Status.RESOLVED, closed_at=NOW, description="Un HUECO & <b>nada</b>")


async def found(world: World, text: str) -> dict[str, str]:
    """Number -> where the words stand, in the order of the page."""
    page = await world.page(f"/desk?q={text}")
    rows = page.split('<tr id="t-')[1:]
    return {row[:7]: row.partition("Found in:")[2].partition("</span>")[0].strip() for row in rows}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("postes", {"84G-7ZR": "the report's words"}),
        ("CAIDO+poste", {"84G-7ZR": "the report's words"}),
        ("street+light", {"84G-7ZR": "service"}),
        ("bolivar", {"7K3-9QX": "street", "Z1R-V01": "street"}),  # open ones first
        ("centro+bache", {"7K3-9QX": "area, the report's words"}),
        ("centro+hueco+nada", {"Z1R-V01": "area, the report's words"}),
        ("k39", {"7K3-9QX": "number"}),
        ("la+de+the", {}),
        ("huec", {"Z1R-V01": "the report's words"}),
        ("123", {"7K3-9QX": "the report's words", "Z1R-V01": "the report's words"}),
        ("%3Cscript%3E%27%22+OR+1", {}),
        ("*)+OR+(%22+NEAR", {}),
    ],
)
async def test_one_box_finds_numbers_words_streets_areas_and_services_and_says_where(
    world: World, text: str, numbers: dict[str, str]
) -> None:
    for ticket in (TICKET, SECOND, CLOSED):
        await world.file(ticket)
    await world.log_in()
    assert await found(world, text) == numbers
    assert list(await found(world, text)) == list(numbers)


async def test_what_was_written_later_is_found_too(world: World) -> None:
    await world.file()
    async with world.store.work() as work:
        later, told = comment(TICKET, actor=CITIZEN, at=NOW, note="sale humo", public=False)
        await work.tickets.change(later, told)
        await work.commit()
    await world.log_in()
    assert await found(world, "humo") == {"7K3-9QX": "what was written later"}


async def test_conversations_with_these_words_are_named_beside_the_tickets(world: World) -> None:
    await world.file()
    async with world.store.work() as work:
        thread = await work.threads.open(1, ThreadKind.ASKED, NOW, silent=False)
        await work.threads.write(thread.id, CITIZEN, Said(text="mi gato"), NOW)
        await work.commit()
    await world.log_in()
    page = await world.page("/desk?q=gatos")
    assert f'href="/desk/threads/{thread.id}"' in page and "No ticket matches." in page


async def test_what_is_typed_stays_in_the_box_and_runs_nowhere(world: World) -> None:
    await world.log_in()
    page = await world.page("/desk?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE")
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("7k3", "7K3"), ("7K3-9", "7K39"), ("oil9", "0119"), ("luz", ""), ("bache", "BACHE"), ("hueco", ""),
        ("7k", ""), ("7K39QXX", ""), ("bache 7k3", "7K3"), ("bolivar 123", ""),
    ],
)  # fmt: skip
def test_a_part_of_a_number_is_known_by_its_form(text: str, part: str) -> None:
    assert "".join(word.part for word in sought(text, CITY)) == part


def test_no_more_words_are_looked_for_than_can_be() -> None:
    assert len(sought(" ".join(f"palabra{n}" for n in range(40)), CITY)) == 10
    assert sought("", CITY) == ()
