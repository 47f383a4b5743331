"""Voice notes are put into words by a speech server, and nobody waits for one that is slow, broken or away."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from nlu.transcriber import LONGEST, NotHeard, Transcriber


@dataclass
class Server:
    """Answers what it is told, and keeps what it was asked."""

    body: bytes = b'{"text": " hay un bache\\n en la calle 8 "}'
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    asked: list[dict[str, object]] = field(default_factory=list)

    async def transcribe(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked: dict[str, object] = {"token": request.headers.get("Authorization")}
        for name, value in form.items():
            if isinstance(value, web.FileField):
                asked[name] = (value.filename, value.content_type, value.file.read())
                value.file.close()
            else:
                asked[name] = value
        self.asked.append(asked)
        await asyncio.sleep(self.wait)
        return web.Response(body=self.body, status=self.status, headers=self.headers)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def url(server: Server) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", server.transcribe)
    async with TestServer(app) as running:
        yield str(running.make_url("")).rstrip("/")


async def test_the_sound_is_sent_as_openai_wants_it_and_its_words_come_back(url: str, server: Server) -> None:
    transcriber = Transcriber(url, "a-token", "large-v3")
    assert await transcriber.transcribe(b"OggS", "audio/ogg; codecs=opus", "es") == "hay un bache en la calle 8"
    assert server.asked == [{
        "token": "Bearer a-token", "model": "large-v3", "response_format": "json", "language": "es",
        "file": ("voice.ogg", "audio/ogg", b"OggS"),
    }]  # fmt: skip


async def test_without_token_and_language_none_are_sent(url: str, server: Server) -> None:
    await Transcriber(url).transcribe(b"x", "audio/mpeg")
    assert server.asked[0]["token"] is None
    assert "language" not in server.asked[0]
    assert server.asked[0]["file"] == ("voice.mp3", "audio/mpeg", b"x")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"), (401, b'{"text": "x"}'), (302, b""), (200, b"<html>"), (200, b"{}"), (200, b'{"text": null}'),
        (200, b'{"text": ""}'), (200, b'{"text": " / "}'), (200, b"\xff\xfe"), (200, b'{"text": "' + b"a" * LONGEST + b'"}'),
    ],
)  # fmt: skip
async def test_what_is_no_transcription_is_not_heard(url: str, server: Server, status: int, body: bytes) -> None:
    server.status, server.body = status, body
    server.headers = {"Location": "/elsewhere"} if status == 302 else {}
    with pytest.raises(NotHeard):
        await Transcriber(url).transcribe(b"x", "audio/ogg")


async def test_a_server_that_is_away_is_not_heard() -> None:
    with pytest.raises(NotHeard):
        await Transcriber(f"http://127.0.0.1:{unused_port()}").transcribe(b"x", "audio/ogg")


async def test_words_that_would_be_an_order_to_rasa_are_words(url: str, server: Server) -> None:
    server.body = b'{"text": "/restart now"}'
    assert await Transcriber(url).transcribe(b"x", "audio/ogg") == "restart now"


async def test_a_server_that_fails_again_and_again_is_left_alone_for_some_seconds(url: str, server: Server) -> None:
    server.status, now = 500, [0.0]
    transcriber = Transcriber(url, clock=lambda: now[0])
    for _ in range(8):
        with pytest.raises(NotHeard):
            await transcriber.transcribe(b"x", "audio/ogg")
    assert len(server.asked) == 5
    now[0], server.status = 60.0, 200
    assert await transcriber.transcribe(b"x", "audio/ogg")


async def test_slowness_counts_as_failure_too(url: str, server: Server) -> None:
    server.wait = 30.0
    transcriber = Transcriber(url, clock=lambda: 0.0)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await transcriber.transcribe(b"x", "audio/ogg")
    with pytest.raises(NotHeard):
        await transcriber.transcribe(b"x", "audio/ogg")
