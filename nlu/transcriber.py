"""Words of a voice note, by a speech server on the city's own machine. Off unless `transcriber` is set in config.yml.

POST /v1/audio/transcriptions   multipart: file, model, response_format=json [, language]   Authorization: Bearer ...
-> {"text": "hay un bache en la calle 8"}

The form is OpenAI's, which whisper.cpp's, faster-whisper's and vLLM's servers speak too.
https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import time
from collections.abc import Callable

import aiohttp
import msgspec

from nlu.breaker import Breaker
from nlu.cleaning import clean

LONGEST = 64 * 1024  # bytes of an answer; a voice note of an hour has fewer words
_ENDINGS = {"audio/ogg": "ogg", "application/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/x-m4a": "m4a",
            "audio/amr": "amr", "audio/aac": "aac", "audio/wav": "wav", "audio/x-wav": "wav", "audio/webm": "webm",
            "audio/3gpp": "3gp", "audio/flac": "flac"}  # fmt: skip


class NotHeard(Exception):
    """The speech server gave no words in time: the voice note is kept, and its writer asked to write."""


class _Heard(msgspec.Struct):
    text: str


class Transcriber:
    """Keeps bot.ports.Transcriber. After several failures in a row it is left alone for some seconds."""

    def __init__(
        self, url: str, token: str = "", model: str = "whisper-1", clock: Callable[[], float] = time.monotonic
    ) -> None:  # fmt: skip
        self._address, self._model = f"{url}/v1/audio/transcriptions", model
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._breaker = Breaker(clock)

    async def transcribe(self, content: bytes, content_type: str, language: str | None = None) -> str:
        """The words, in one line; raises NotHeard. How long it may take is the caller's to say."""
        if not self._breaker.lets_through():
            raise NotHeard
        try:
            heard = await self._ask(content, content_type, language)
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.MsgspecError, ValueError, RecursionError):
            self._breaker.failed()
            raise NotHeard from None
        except BaseException:  # given up by the caller: it was too slow
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        words, _ = clean(" ".join(heard.split()))
        if not words:
            raise NotHeard
        return words

    async def _ask(self, content: bytes, content_type: str, language: str | None) -> str:
        kind = content_type.partition(";")[0].strip()
        form = aiohttp.FormData({"model": self._model, "response_format": "json"})
        if language:
            form.add_field("language", language)
        name = f"voice.{_ENDINGS.get(kind, 'ogg')}"
        form.add_field("file", content, filename=name, content_type=kind)
        # a session of its own: voice notes are few, and there is nothing to keep open between two
        async with (
            aiohttp.ClientSession(headers=self._headers) as session,
            session.post(self._address, data=form, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise ValueError
            return msgspec.json.decode(await _limited(answer), type=_Heard).text


async def _limited(answer: aiohttp.ClientResponse) -> bytes:
    content = await answer.content.read(LONGEST + 1)
    while len(content) <= LONGEST and (more := await answer.content.read(LONGEST)):
        content += more
    if len(content) > LONGEST:
        raise ValueError
    return content
