"""A newcomer's first minutes, in a real Chromium: three phones, then the desk."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright, expect

from channels.message import Choice, Outbound
from tests.web.world import PASSWORD, World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium on the PATH (Debian: apt-get install chromium)"
)


@asynccontextmanager
async def browsing(world: World, *, dark: bool = False, width: int = 1280) -> AsyncIterator[Page]:
    """A page of a fresh browser in English; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(
            base_url=str(world.client.make_url("/")),
            color_scheme="dark" if dark else "light",
            locale="en",
            viewport={"width": width, "height": 800},
        )
        page = await context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(error.message))
        yield page
        await browser.close()
    assert complaints == []


async def answer_everyone(world: World) -> None:
    """The smallest bot: greets whoever writes, offers two choices, and thanks for a press, a pin or a photo."""
    for answered in itertools.count():
        message = await world.arrived.get()
        simulator = world.simulators[message.sender.channel.removeprefix("simulated_")]
        plain = not (message.choice or message.point or message.media)
        choices = (Choice(id="yes", label="Yes"), Choice(id="no", label="No")) if plain else ()
        text = "Hello! Shall I send it?" if plain else f"{message.choice or ''}{message.point or ''} Thank you"
        await simulator.send(Outbound(key=str(answered), recipient=message.sender, text=text, choices=choices))


@pytest.fixture
async def bot(demo: World) -> AsyncIterator[World]:
    """The demo with somebody who answers."""
    answering = asyncio.create_task(answer_everyone(demo))
    yield demo
    answering.cancel()


async def test_each_phone_gets_its_answer(bot: World) -> None:
    async with browsing(bot) as page:
        await page.goto("/try")
        for style in ("telegram", "sms", "whatsapp"):
            phone = page.locator(f".phone.{style}")
            await phone.locator(".text").fill("hola <b>no markup</b>")
            await phone.get_by_role("button", name="Send", exact=True).click()
            await expect(phone.locator(".bubble.mine")).to_contain_text("hola <b>no markup</b>")
            await expect(phone.locator(".bubble:not(.mine)")).to_contain_text("Shall I send it?")
        await expect(page.locator(".phone.sms .bubble:not(.mine)")).to_contain_text("2 No")
        await expect(page.locator(".phone.sms .bubble:not(.mine)")).to_contain_text("1 segment")
        await page.locator(".phone.telegram").get_by_role("button", name="Yes").click()
        await expect(page.locator(".phone.telegram .screen")).to_contain_text("yes Thank you")


async def test_a_pin_and_a_photo_are_sent_and_new_phones_are_empty(bot: World) -> None:
    async with browsing(bot) as page:
        await page.goto("/try")
        phone = page.locator(".phone.whatsapp")
        await phone.get_by_role("button", name="Send a pin").click()
        await page.locator("#map").click(position={"x": 200, "y": 150})
        await page.get_by_role("dialog").get_by_role("button", name="Send the pin").click()
        await expect(phone.locator(".screen")).to_contain_text("Thank you")
        point = bot.accepted[0].point
        assert point
        assert 14.58 < point.latitude < 14.62
        assert -66.52 < point.longitude < -66.48
        picture = await page.locator("h1").screenshot()
        await phone.locator(".photo").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture})
        await expect(phone.locator(".bubble.mine img")).to_be_visible()
        assert (await bot.simulators["whatsapp"].fetch(bot.accepted[1].media[0])).startswith(b"\xff\xd8\xff")
        await page.get_by_role("button", name="New phones").click()
        await expect(phone.locator(".starter").first).to_be_visible()
        await expect(phone.locator(".bubble")).to_have_count(0)
        await phone.locator(".starter").first.click()
        await expect(phone.locator(".bubble")).to_have_count(2)


async def test_a_clerk_logs_in_and_moves_a_ticket(demo: World) -> None:
    await demo.file()
    async with browsing(demo) as page:
        await page.goto("/desk")
        await page.get_by_label("Login").fill("ana")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await page.get_by_role("link", name="7K3-9QX").click()
        await page.get_by_label("Resolved").check()
        await page.get_by_label("Note to the citizen").fill("Filled this morning")
        await page.get_by_role("button", name="Move and tell the citizen").click()
        await expect(page.get_by_role("region", name="History")).to_contain_text("Received → Resolved")
        await expect(page.get_by_role("region", name="With the citizen")).to_contain_text("Filled this morning")


@pytest.mark.parametrize("dark", [False, True])
async def test_no_page_is_wider_than_a_small_phone(demo: World, dark: bool) -> None:
    await demo.file()
    async with browsing(demo, dark=dark, width=320) as page:
        await page.goto("/desk/demo?token=" + "T" * 43)
        for path in ("/", "/try", "/desk", "/desk/aside", "/desk/tickets/7K3-9QX", "/desk/login"):
            for language in ("es", "pt", "en", "fr"):
                await page.goto(f"{path}?language={language}")
                assert await page.evaluate("document.documentElement.scrollWidth") <= 320, (path, language)
