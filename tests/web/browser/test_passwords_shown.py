"""Fields of passwords with a script: a button that shows what was typed, by keyboard too, and a meter beside a new one."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.browser.office import Office
from tests.web.browser.places import COOKIE

NEW = "#password"
_LEAST = 24  # px, WCAG 2.2 (2.5.8)


async def _mine(office: Office, browser: Browser, *, scripts: bool = True) -> Page:
    context = await browser.new_context(java_script_enabled=scripts)
    await context.add_cookies([{"name": COOKIE, "value": await office.session("sofia"), "url": office.url}])
    page = await context.new_page()
    await page.goto(f"{office.url}/desk/me?language=en")
    return page


async def test_a_password_is_shown_by_a_button_that_the_keyboard_reaches(shown: Office, browser: Browser) -> None:
    page = await _mine(shown, browser)
    field, button = page.locator(NEW), page.get_by_role("button", name="Show New password")
    await field.fill("lamp post ten, at noon")
    await expect(button).to_have_attribute("aria-pressed", "false")
    box = await button.bounding_box()
    assert box and min(box["width"], box["height"]) >= _LEAST
    await field.press("Tab")
    await expect(button).to_be_focused()
    for pressed, kind in (("true", "text"), ("false", "password")):
        await page.keyboard.press("Space")
        await expect(button).to_have_attribute("aria-pressed", pressed)
        await expect(field).to_have_attribute("type", kind)
    await expect(field).to_have_value("lamp post ten, at noon")
    await page.context.close()


async def test_what_is_shown_is_hidden_again_when_it_is_sent(shown: Office, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{shown.url}/desk/login?language=en")
    await page.get_by_role("button", name="Show Password").click()
    kind = "document.getElementById('password').type"
    assert await page.evaluate(kind) == "text"
    sent = "document.forms[0].addEventListener('submit', e => e.preventDefault()); document.forms[0].noValidate = true;"
    await page.evaluate(f"() => {{ {sent} document.forms[0].requestSubmit(); }}")
    assert await page.evaluate(kind) == "password"
    await page.close()


@pytest.mark.parametrize(
    ("typed", "says", "value"),
    [
        ("short", "Too short", "0"),
        ("password1234", "Easy to guess", "1"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "Easy to guess", "1"),
        ("12345678901234567890", "Easy to guess", "1"),
        ("puerto vecino sofia", "Easy to guess", "1"),
        ("P4$$w0rd P4$$w0rd", "Easy to guess", "1"),
        ("a street lamp", "Could be better", "2"),
        ("four words in a row", "Very good", "4"),
    ],
)
async def test_the_meter_says_what_it_thinks_and_is_heard(
    shown: Office, browser: Browser, typed: str, says: str, value: str
) -> None:
    page = await _mine(shown, browser)
    await page.locator(NEW).fill(typed)
    heard = page.locator(".measured [aria-live=polite]")
    await expect(heard).to_have_text(says)
    meter = page.get_by_role("meter", name="How hard to guess")
    assert await meter.evaluate("one => String(one.value)") == value
    await page.locator(NEW).fill("")
    await expect(heard).to_have_text("")
    await page.context.close()


async def test_without_a_script_the_fields_are_as_they_were(shown: Office, browser: Browser) -> None:
    page = await _mine(shown, browser, scripts=False)
    assert await page.locator("button.show, .measured").count() == 0
    assert await page.locator(f"{NEW}[type=password]").count() == 1
    await page.context.close()
