"""The front page, errors, and what machines ask."""

import pytest

from tests.web.world import World


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("de,fr;q=0.5,en;q=0.7", "en"),
        ("fr;q=0,en-GB", "en"),
        ("de", "es"),
        ("", "es"),
        ("*", "es"),
        (";;q=,,,x;q=nan", "es"),
        ("en;q=high, fr", "fr"),
    ],
)
async def test_the_front_page_speaks_the_visitors_language(world: World, accepts: str, language: str) -> None:
    answer = await world.client.get("/", headers={"Accept-Language": accepts})
    assert f'<html lang="{language}">' in await answer.text()
    assert answer.headers["Content-Language"] == language


async def test_the_front_page_says_what_this_is(world: World) -> None:
    page = await world.page("/")
    for words in ("Puerto Vecino", "Pothole", "555 0100", "112", "/desk", "https://puerto-vecino.example/p"):
        assert words in page
    assert "/try" not in page


async def test_in_the_demo_the_front_page_leads_to_the_simulator(demo: World) -> None:
    assert 'href="/try"' in await demo.page("/")


async def test_alive_and_ready_are_two_questions(world: World) -> None:
    world.parts["nlu"] = False
    assert await (await world.client.get("/healthz")).json() == {"status": "ok"}
    answer = await world.client.get("/readyz")
    assert (answer.status, await answer.json()) == (503, {"database": True, "nlu": False})
    world.parts["nlu"] = True
    assert (await world.client.get("/readyz")).status == 200


async def test_a_browser_gets_a_page_for_an_error_and_a_program_a_line(world: World) -> None:
    page = await world.client.get("/nothing", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert (page.status, page.content_type) == (404, "text/html")
    assert "Nothing is here" in await page.text()
    line = await world.client.get("/nothing")
    assert (line.status, await line.text()) == (404, "404 Not Found\n")


async def test_while_the_database_is_away_the_desk_says_so(world: World) -> None:
    await world.log_in()
    world.store.gone = True
    answer = await world.client.get("/desk", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "The database cannot be reached." in await answer.text()
