"""A copy of a citizen's data: whole, without anybody else in it, by document or by link, and forgotten after a day."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Rating, Said
from bot.rights import masked
from bot.schedule import forget
from channels.message import Attachment, Contact, Outbound
from handlers.effects import ThreadKind
from store.seal import Seal
from tests.bot.conftest import WHOLE
from tests.store.everything import everything, opened
from tests.town import SECRET, ScriptedParser, Town, parse, town
from tickets.model import CITIZEN, Actor, Author
from tickets.workflow import comment, follow

PHONE = "+525587654321"
PUBLIC = "https://vecino.example.org"
CLERK = Actor(author=Author.CLERK, name="marta")


@pytest.fixture
async def town_(database_url: str, tmp_path: Path, parser: ScriptedParser) -> AsyncIterator[Town]:
    async with town(tmp_path, parser, database_url=database_url, public_url=PUBLIC) as place:
        yield place


async def by_sms(town_: Town) -> list[str]:
    code = (await town_.says("mis datos", style="sms", phone=PHONE))[-1].rpartition(" ")[2]
    return await town_.says(code, style="sms", phone=PHONE)


async def fetched(town_: Town, link: str) -> dict[str, Any]:
    async with town_.store.view() as view:
        content = await view.exports.fetch(link.rpartition("/")[2], town_.clock.now())
    assert content
    found: dict[str, Any] = json.loads(content)
    return found


def link_in(said: list[str]) -> str:
    found = re.search(rf"{PUBLIC}/my-data/[0-9a-f]{{48}}$", said[-1])
    assert found
    return found[0]


async def test_by_sms_a_summary_and_a_link(town_: Town) -> None:
    said = await by_sms(town_)
    assert "+52***21" in said[0]
    assert PHONE not in said[0]
    assert (await fetched(town_, link_in(said)))["what_we_keep"][0]["contact"] == PHONE


async def test_without_a_public_address_it_says_where_to_ask(tmp_path: Path, parser: ScriptedParser) -> None:
    async with town(tmp_path, parser) as place:
        assert "555 0100" in (await by_sms(place))[-1]
        assert place.screen("sms", PHONE)


async def test_on_telegram_the_file_is_attached_and_once_sent_it_is_kept_nowhere_and_its_message_forgotten_after_a_day(
    town_: Town, database_url: str
) -> None:
    await town_.says("me llamo zanahoria")
    code = (await town_.says("mis datos"))[-1].rpartition(" ")[2]
    await town_.says(code)
    files = [bubble.files for bubble in town_.phones["simulated_telegram"].screen("p1") if bubble.files]
    assert files == [("vecino-2026-11-23.json",)]
    held = await opened(database_url, Seal(SECRET))
    assert (b"application/json" in held["outbox"], held["fleeting"] != b"") == (False, True)
    assert b"zanahoria" not in await everything(database_url)  # as it lies there
    town_.clock.forward(hours=24, minutes=1)
    await forgotten(town_)
    held = await opened(database_url, Seal(SECRET))
    assert held["fleeting"] == b""


async def forgotten(town_: Town) -> None:
    async with town_.store.work() as work:
        await forget(work, town_.clock.now(), 0)
        await work.commit()


async def test_a_link_ends_after_a_day_and_what_it_led_to_is_forgotten(town_: Town, database_url: str) -> None:
    token = link_in(await by_sms(town_)).rpartition("/")[2]
    town_.clock.forward(hours=24)
    async with town_.store.view() as view:
        assert await view.exports.fetch(token, town_.clock.now()) is None
    await forgotten(town_)
    assert (await opened(database_url, Seal(SECRET)))["exports"] == b""


async def test_a_new_link_ends_the_one_before(town_: Town) -> None:
    first, second = link_in(await by_sms(town_)), link_in(await by_sms(town_))
    async with town_.store.view() as view:
        assert await view.exports.fetch(first.rpartition("/")[2], town_.clock.now()) is None
    assert await fetched(town_, second)


async def test_the_token_stands_nowhere_and_the_content_is_sealed(town_: Town, database_url: str) -> None:
    token = link_in(await by_sms(town_)).rpartition("/")[2]
    raw = await everything(database_url)
    assert token.encode() not in raw
    assert b"what_we_keep" not in raw


async def test_the_copy_holds_all_of_theirs_and_nothing_of_anybody_else(town_: Town) -> None:
    await town_.says(WHOLE, style="sms", phone=PHONE)
    await town_.says("1", style="sms", phone=PHONE)
    await town_.says(WHOLE.replace("123", "900"), phone="777")
    [ticket] = await town_.tickets(style="sms", phone=PHONE)
    async with town_.store.work() as work:
        citizen = ticket.reporter
        noted = comment(ticket, actor=CLERK, at=town_.clock.now(), note="llamar de nuevo", public=False)
        await work.tickets.change(*noted)
        joined, update = follow(noted[0], at=town_.clock.now(), note="soy la vecina", urgent_from=9)
        await work.tickets.change(joined, replace(update, citizen=citizen + 1))
        thread = await work.threads.open(citizen, ThreadKind.ASKED, town_.clock.now(), silent=False)
        await work.threads.write(thread.id, CITIZEN, Said(text="¿cuándo vienen?"), town_.clock.now())
        await work.threads.write(thread.id, CLERK, Said(text="mañana"), town_.clock.now())
        await work.ratings.rate(
            Rating(number=ticket.number, citizen=citizen, at=town_.clock.now(), score=4, word="bien")
        )
        await work.commit()
    whole = await fetched(town_, link_in(await by_sms(town_)))
    [kept] = whole["what_we_keep"]
    [report] = kept["reports"]
    assert (report["number"], report["description"], report["place"]["words"]) == (
        ticket.number,
        WHOLE,
        "Av. Bolívar 123",
    )
    assert [step["by"] for step in report["history"]] == ["you", "the city", "a neighbour"]
    assert [step.get("note", "") for step in report["history"]] == ["", "llamar de nuevo", ""]
    assert kept["messages_from_you"][0]["text"] == WHOLE
    assert len(kept["messages_to_you"]) >= 3
    assert kept["ratings"][0]["word"] == "bien"
    [talk] = kept["conversations_with_a_person"]
    assert [(one["by"], one["text"]) for one in talk["messages"]] == [
        ("you", "¿cuándo vienen?"),
        ("the city", "mañana"),
    ]
    assert kept["privacy_notices"][0]["version"] == "1"
    text = json.dumps(whole, ensure_ascii=False)
    assert [word for word in ("marta", "vecina", "777", "900") if word in text] == []


async def test_sms_and_whatsapp_of_one_number_are_one_person(town_: Town) -> None:
    await town_.says("hola", style="whatsapp", phone=PHONE)
    whole = await fetched(town_, link_in(await by_sms(town_)))
    assert [one["channel"] for one in whole["what_we_keep"]] == ["simulated_sms", "simulated_whatsapp"]


async def test_the_notice_is_told_at_first_contact_and_once_again_when_it_changes(
    town_: Town, parser: ScriptedParser
) -> None:
    parser.known["hola"] = parse("greet", language="es")
    first = await town_.says("hola")
    assert "puerto-vecino.example" in first[0]
    assert len(await town_.says("hola")) == 1
    town_.inbox._cities = replace(town_.inbox._city, privacy_version="2")
    assert "Cambiamos la forma de cuidar sus datos" in (await town_.says("hola"))[-1]
    assert len(await town_.says("hola")) == 1
    async with town_.store.view() as view:
        citizen = await view.citizens.find(Contact(channel="simulated_telegram", address="p1"))
        assert citizen
        kept = await view.exports.everything(citizen.id)
    notices = kept["privacy_notices"]
    assert isinstance(notices, list)
    assert [notice["version"] for notice in notices] == ["1", "2"]
    assert notices[1]["told_at"] - notices[0]["told_at"] < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("address", "shown"), [("+525587654321", "+52***21"), ("987654321", "987***21"), ("12", "***"), ("", "***")]
)
def test_a_contact_is_masked(address: str, shown: str) -> None:
    assert masked(Contact(channel="sms", address=address)) == shown


def test_an_outbound_with_a_file_shows_nothing_of_it() -> None:
    file = Attachment(name="x.json", content_type="application/json", content=b"zanahoria")
    outbound = Outbound(key="k", recipient=Contact(channel="telegram", address="1"), text="", attachments=(file,))
    assert "zanahoria" not in repr(outbound)
