"""What citizens answered to a service's own questions stands at the desk, in the clerk's language."""

from dataclasses import replace

from tests.samples import TICKET
from tests.town import CITY
from tests.web.world import World
from web.page import answers_of

LAMP = replace(TICKET, service="lighting", answers=(("fault", "off"), ("gone", "hace un ruido")))


def test_answers_are_named_and_words_of_their_own_stay_what_they_are() -> None:
    assert answers_of(CITY, LAMP, "en") == [
        ("What is wrong with the light?", "It is off", False), ("gone", "hace un ruido", True),
    ]  # fmt: skip


async def test_a_citizens_words_are_quoted_on_the_page(world: World) -> None:
    await world.file(replace(TICKET, answers=(("gone", "<b>hace un ruido</b>"),)))
    await world.log_in()
    assert "&lt;b&gt;hace un ruido&lt;/b&gt;</q>" in await world.page("/desk/tickets/7K3-9QX")
