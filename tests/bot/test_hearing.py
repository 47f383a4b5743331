"""A voice note becomes a message in words where the city has a speech server, and stays a voice note where it fails."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.inbox.hearing import AT_ONCE, AllBusy, Hearing
from bot.ports import Arrival
from channels import Unavailable
from channels.message import Inbound, Kind, Media
from channels.simulator import Style
from handlers.turn import Citizen
from nlu.transcriber import NotHeard, Transcriber
from tests.bot.conftest import WHOLE
from tests.store.samples import CLARA, NOON
from tests.town import STYLES, ScriptedParser, Town, town

SOUND = b"OggS a voice"


@dataclass(slots=True)
class Ears:
    """A speech server of our own: `words`, or none in time."""

    words: str = WHOLE
    deaf: bool = False
    slow: bool = False
    heard: list[tuple[bytes, str, str | None]] = field(default_factory=list)

    async def transcribe(self, content: bytes, content_type: str, language: str | None = None) -> str:
        self.heard.append((content, content_type, language))
        if self.slow:
            await asyncio.Event().wait()
        if self.deaf:
            raise NotHeard
        return self.words


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
async def puerto(
    tmp_path: Path, sqlite_template: Path, parser: ScriptedParser, ears: Ears
) -> AsyncIterator[Town]:  # fmt: skip
    shutil.copy(sqlite_template, tmp_path / "town.db")
    async with town(tmp_path, parser, database_url=f"sqlite:///{tmp_path / 'town.db'}") as place:
        place.inbox._hearing = Hearing(ears, place.phones, patience=0.05)
        yield place


@pytest.mark.parametrize("style", STYLES)
async def test_what_is_said_is_a_report_like_any_other_and_the_sound_is_kept(
    puerto: Town, ears: Ears, style: Style
) -> None:
    (*_, summary) = await puerto.says("", voice=SOUND, style=style, language="es")
    assert summary.startswith("Bache")
    await puerto.says("1", style=style)
    (ticket,) = await puerto.tickets(style=style)
    assert ticket.description == WHOLE
    async with puerto.store.view() as view:
        (kept,) = await view.photos.of_ticket(ticket.number)
    assert await puerto.files.get(kept.name or "") == (SOUND, "audio/ogg")
    assert ears.heard == [(SOUND, "audio/ogg", None)]


@pytest.mark.parametrize("trouble", ["deaf", "slow"])
async def test_what_cannot_be_heard_is_kept_and_asked_for_in_writing(puerto: Town, ears: Ears, trouble: str) -> None:
    setattr(ears, trouble, True)
    (*_, menu) = await puerto.says("", voice=SOUND)
    assert "Guardé su nota de voz" in menu
    await puerto.presses("Bache")
    await puerto.says("Av. Bolívar 123")
    await puerto.says("sí")
    (ticket,) = await puerto.tickets()
    async with puerto.store.view() as view:
        assert [photo.media.content_type for photo in await view.photos.of_ticket(ticket.number)] == ["audio/ogg"]


async def test_a_sound_that_is_gone_at_the_provider_is_not_heard(puerto: Town, ears: Ears) -> None:
    puerto.phones["simulated_telegram"]._photos.clear()
    await puerto.says("", voice=SOUND, settle=False)
    puerto.phones["simulated_telegram"]._photos.clear()
    await puerto.settle()
    assert "Guardé su nota de voz" in puerto.screen()[-1]
    assert ears.heard == []


async def test_a_real_speech_server_is_asked_once_for_each_voice_note(puerto: Town) -> None:
    asked: list[bytes] = []

    async def transcribe(request: web.Request) -> web.Response:
        file = (await request.post())["file"]
        assert isinstance(file, web.FileField)
        asked.append(file.file.read())
        file.file.close()
        return web.json_response({"text": WHOLE})

    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", transcribe)
    async with TestServer(app) as server:
        transcriber = Transcriber(str(server.make_url("")).rstrip("/"))
        puerto.inbox._hearing = Hearing(transcriber, puerto.phones)
        assert (await puerto.says("", voice=SOUND))[-1].startswith("Bache: Av. Bolívar 123")
    assert asked == [SOUND]


async def test_stop_said_aloud_is_a_stop(puerto: Town, ears: Ears) -> None:
    ears.words = "Baja."
    (*_, told) = await puerto.says("", voice=SOUND, style="whatsapp", language="es")
    assert "no le vuelvo a escribir" in told.lower() or "no le escribo" in told.lower() or "START" in told


async def test_who_chose_a_language_is_heard_in_it(puerto: Town, ears: Ears) -> None:
    await puerto.says("português", language="es")
    await puerto.says("", voice=SOUND)
    assert ears.heard[-1][2] in (None, "pt")


async def test_words_with_a_sound_are_read_without_listening(puerto: Town, ears: Ears) -> None:
    await puerto.says(WHOLE, voice=SOUND)
    assert ears.heard == []


@dataclass(slots=True)
class Provider:
    """Telegram, as far as its sounds go."""

    away: bool = False
    asked: int = 0

    async def fetch(self, media: Media) -> bytes:
        self.asked += 1
        if self.away:
            raise Unavailable("away")
        return SOUND


def note(number: int) -> Arrival:
    sound = Media(reference=f"sound {number}", content_type="audio/ogg")
    inbound = Inbound(sender=CLARA, external_id=f"{number}", received_at=NOON, kind=Kind.VOICE, media=(sound,))
    citizen = Citizen(id=number, contact=CLARA, language="es", chosen=False, opted_out=False, welcomed=True)
    return Arrival(
        id=number, token="", attempts=1, accepted_at=NOON, inbound=inbound, citizen=citizen, dialogue=None
    )  # fmt: skip


async def test_who_finds_all_listening_busy_comes_again_at_once_and_holds_up_nobody() -> None:
    ears = Ears(slow=True)
    hearing = Hearing(ears, {CLARA.channel: Provider()}, patience=0.05)  # type: ignore[dict-item]
    found = await asyncio.gather(*(hearing.of(note(n)) for n in range(16)), return_exceptions=True)
    assert sum(isinstance(one, AllBusy) for one in found) == 16 - AT_ONCE
    ears.slow = False
    assert (await hearing.of(note(9))).inbound.text == WHOLE


async def test_a_voice_note_that_finds_no_turn_is_heard_a_second_later(puerto: Town, ears: Ears) -> None:
    hearing = puerto.inbox._hearing
    assert hearing
    for _ in range(AT_ONCE):
        await hearing._turns.acquire()
    await puerto.says("", voice=SOUND, settle=False)
    await puerto.inbox.loop.step()
    assert puerto.screen() == [""]  # what they sent
    for _ in range(AT_ONCE):
        hearing._turns.release()
    puerto.clock.forward(seconds=1)
    await puerto.settle()
    assert puerto.screen()[-1].startswith("Bache: Av. Bolívar 123")
    assert len(hearing._heard) == 0


async def test_a_provider_that_gives_no_sounds_is_left_alone_for_a_while() -> None:
    provider = Provider(away=True)
    hearing = Hearing(Ears(), {CLARA.channel: provider})  # type: ignore[dict-item]
    for number in range(9):
        await hearing.of(note(number))
    assert provider.asked == 5


async def test_words_are_kept_for_an_hour_at_most() -> None:
    times = [0.0]
    hearing = Hearing(Ears(), {CLARA.channel: Provider()}, timer=lambda: times[0])  # type: ignore[dict-item]
    await hearing.of(note(1))
    assert len(hearing._heard) == 1
    times[0] = 3600.0
    await hearing.of(note(2))
    assert list(hearing._heard) == ["sound 2"]
