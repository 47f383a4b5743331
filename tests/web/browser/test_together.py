"""What comes between: a colleague who was quicker, another department's ticket, a citizen who answers, a file too large."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Locator, expect

from channels.message import Contact, Inbound
from tests.town import START
from tests.web.browser.hand import Hand, Sits
from tests.web.browser.office import LANGUAGES, MAIN, Office
from tickets.model import Status
from web.body import FILE

_TICKET = f"/desk/tickets/{MAIN}"
_SIDE = 20_000  # pixels of a picture that is small to send and 400 MB to unpack


def _picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (640, 480), "green").save(kept, "JPEG")
    return kept.getvalue()


def _bomb() -> bytes:
    """A black PNG of one bit a pixel."""
    pack = zlib.compressobj(9)
    row = bytes(1 + _SIDE // 8)
    packed = b"".join(pack.compress(row) for _ in range(_SIDE)) + pack.flush()
    parts = ((b"IHDR", struct.pack(">IIBBBBB", _SIDE, _SIDE, 1, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


_REFUSED = (
    ("just above", _picture().ljust(FILE + 1, b"\0"), "This photo has more than 10 MB. Choose a smaller one; what you wrote is still here."),
    ("bomb", _bomb(), "This photo has more than 50 million pixels. Choose a smaller one; what you wrote is still here."),
    ("text", b"un texto", "This file is no photo that can be read. Choose a JPEG, PNG or WebP; what you wrote is still here."),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_file_that_cannot_be_taken_is_told_beside_its_field_and_one_that_just_fits_goes_out(
    sits: Sits, at_work: Office, language: str
) -> None:  # fmt: skip
    async with sits(language, login="ana") as ana:
        await ana.go(_TICKET)
        for _, content, why in _REFUSED:
            form = await _resolves(ana, content)
            field = form.locator("input[type=file]")
            told = form.locator(f"[id='{(await field.get_attribute('aria-describedby') or '').split()[-1]}']")
            await expect(told).to_have_text(ana.say(why))
            await expect(told).to_be_visible()
            await expect(field).to_have_attribute("aria-invalid", "true")
            await expect(form.get_by_label(ana.say("Note to the citizen"), exact=True)).to_have_value("ya está")
            await expect(form.locator("input[name=to][value=resolved]")).to_be_checked()
        assert (await at_work.ticket()).status is not Status.RESOLVED
        await _resolves(ana, _picture().ljust(FILE, b"\0"))
        await ana.sees("From the desk, to the citizen")
    assert (await at_work.ticket()).status is Status.RESOLVED


async def _resolves(ana: Hand, content: bytes) -> Locator:
    """With this file for a photo."""
    form = await ana.form("Move")
    await ana.unfold(form)
    await form.get_by_role("radio", name=ana.say("Resolved"), exact=True).check()
    await ana.fill("Note to the citizen", "ya está", form)
    photo = FilePayload(name="hecho.jpg", mimeType="image/jpeg", buffer=content)
    await form.locator("input[type=file]").set_input_files(photo)
    async with ana.page.expect_navigation():
        await ana.press("Move and tell the citizen", form)
    return await ana.form("Move") if await ana.page.locator("[id=move]").count() else form


@pytest.mark.parametrize("language", LANGUAGES)
async def test_of_two_clerks_the_second_one_sees_what_the_first_one_did_and_loses_nothing(
    sits: Sits, at_work: Office, language: str
) -> None:
    async with sits(language, login="ana") as ana, sits(language, login="sofia") as sofia:
        await ana.go(_TICKET)
        await sofia.go(_TICKET)
        await ana.press("Take it", await ana.form("Who works on it"))
        await ana.reads("→ ana")
        form = await sofia.form("Note between clerks")
        await sofia.fill("Note", "hay otro bache al lado", form)
        await sofia.press("Keep the note", form)
        await sofia.sees("Somebody else changed this ticket first.")
        await sofia.reads("ana", within=sofia.page.locator("section.alert"))
        form = await sofia.form("Note between clerks")
        await expect(form.get_by_label(sofia.say("Note"), exact=True)).to_have_value("hay otro bache al lado")
        await sofia.press("Keep the note", form)
        await sofia.reads("hay otro bache al lado", within=_history(sofia))
        await sofia.reads("→ ana", within=_history(sofia))
    assert (await at_work.ticket()).assignee == "ana"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_another_departments_ticket_is_read_and_not_touched(sits: Sits, at_work: Office, language: str) -> None:
    before = (await at_work.ticket()).version
    async with sits(language, login="bruno") as bruno:
        await bruno.go(_TICKET)
        await bruno.reads("panadería")
        roads = next(one for one in at_work.city.departments if one.code == "roads").names[language]
        await bruno.sees_with("You can read this ticket; %(department)s works on it.", department=roads)
        await expect(bruno.page.locator(f"form[action^='{_TICKET}/']")).to_have_count(0)
        async with bruno.page.expect_navigation():
            await bruno.page.evaluate(_FORGED, [f"{_TICKET}/note", str(before)])
        await bruno.sees("This ticket belongs to another department; nothing was done.")
        await bruno.reads("not mine", within=bruno.page.get_by_role("alert"))
    assert (await at_work.ticket()).version == before


# The form of a page that was open when the ticket went to another department.
_FORGED = """([action, version]) => {
  const form = Object.assign(document.createElement('form'), {method: 'post', action});
  const csrf = document.querySelector('[name=csrf]').value;
  for (const [name, value] of Object.entries({csrf, version, text: 'not mine'}))
    form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
  document.body.append(form);
  form.submit();
}"""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_citizen_answers_while_the_clerk_reads(sits: Sits, at_work: Office, language: str) -> None:
    """It is told and moves nothing; what was being typed outlives the look at it."""
    await _works_off(at_work)
    at_work.clock.forward(days=2)  # what the bot had asked them is forgotten
    async with sits(language, login="ana") as ana:
        await ana.go(_TICKET)
        form = await ana.form("Write to the citizen")
        await ana.fill("To the citizen", "¿Sigue ahí?", form)
        await ana.press("Send", form)
        await ana.reads("¿Sigue ahí?", within=_history(ana))
        await _works_off(at_work)
        form = await ana.form("Note between clerks")
        await ana.fill("Note", "aún sin leer", form)
        await _writes(at_work, "sí, sigue igual de hondo")
        bar = ana.page.locator("#news")
        await expect(bar).to_contain_text(ana.say("This ticket was changed meanwhile."))
        await expect(_history(ana)).not_to_contain_text("igual de hondo")
        await bar.get_by_role("button").click()
        await ana.reads("igual de hondo", within=_history(ana))
        await expect(ana.page.get_by_label(ana.say("Note"), exact=True)).to_have_value("aún sin leer")


async def _writes(office: Office, text: str) -> None:
    sender = Contact(channel="simulated_sms", address="+15550142")
    async with office.store.work() as work:
        await work.inbox.accept([Inbound(sender=sender, external_id=text, received_at=START, text=text)])
        await work.commit()
    await _works_off(office)


async def _works_off(office: Office) -> None:
    """All that waits to be answered or sent; the bot waits whether they write on."""
    office.clock.forward(minutes=1)
    while sum([await loop.step() for loop in office.vecino.loops]):
        pass


def _history(who: Hand) -> Locator:
    return who.page.get_by_role("region", name=who.say("History"), exact=True)
