"""What other processes answer or leave: Rasa, Nominatim, the spool."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from channels.message import Contact, Inbound
from nlu import nominatim
from nlu.answer import Foreign, read, read_status
from store.codec import encode
from store.seal import Seal
from store.spool import Spool
from tests.fuzz.shapes import json_changed
from tests.fuzz.target import Read, Target, simple, size

_KEY = "k" * 40
_PURPOSE = "spool"


def _rasa(data: bytes) -> str:
    try:
        parse = read(data)
        return f"{bool(parse.intent)} {size(len(parse.ranking))} {size(len(parse.entities))} {bool(parse.language)}"
    except Foreign as why:
        answer = str(why)
    try:
        return f"status {bool(read_status(data))}"
    except Foreign:
        return answer


class _Answer:
    """As much of aiohttp's answer as is asked for."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aenter__(self) -> "_Answer":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""

    def raise_for_status(self) -> None:
        """It is 200."""

    async def read(self) -> bytes:
        return self._body


class _Session(_Answer):
    def get(self, *_: Any, **__: Any) -> _Answer:
        return _Answer(self._body)


@contextmanager
def _nominatim() -> Iterator[Read]:
    loop, body, real = asyncio.new_event_loop(), [b""], nominatim.aiohttp.ClientSession
    number = iter(range(10**9))

    def asked(data: bytes) -> str:
        body[0] = data
        words = f"calle {next(number)}"
        asking = nominatim.Nominatim("http://x", (-67.0, 14.0, -66.0, 15.0), clock=lambda: 0.0, apart=0.0)
        loop.run_until_complete(asking.look_up(words))
        point = asking.remembered(words)
        assert point is None or (-67 <= point.longitude <= -66 and 14 <= point.latitude <= 15)
        return str(bool(point))

    nominatim.aiohttp.ClientSession = lambda **_: _Session(body[0])  # type: ignore[assignment,misc]
    try:
        yield asked
    finally:
        nominatim.aiohttp.ClientSession = real  # type: ignore[misc]
        loop.close()


@contextmanager
def _spool() -> Iterator[Read]:
    """What is sealed with our key; an input that begins with `!` stands in the file as it is."""
    loop, seal = asyncio.new_event_loop(), Seal(_KEY)
    with tempfile.TemporaryDirectory(prefix="vecino-fuzz-") as name:
        folder = Path(name)
        spool = Spool(folder, seal)
        kept: list[Inbound] = []

        async def accept(arrivals: Any) -> None:
            kept.extend(arrivals)

        def drained(data: bytes) -> str:
            kept.clear()
            (folder / "1-a.sealed").write_bytes(data[1:] if data[:1] == b"!" else seal.seal(data, _PURPOSE))
            count = loop.run_until_complete(spool.drain(accept))
            apart = sum(spool.apart().values())
            for path in folder.glob("*"):
                path.unlink()
            assert count == len(kept)
            return f"{size(count)} {apart}"

        yield drained
    loop.close()


_PARSE = {
    "intent": {"name": "report_pothole", "confidence": 0.9}, "intent_ranking": [{"name": "greet", "confidence": 0.1}],
    "entities": [{"entity": "location", "value": "calle 5", "start": 3, "end": 10}], "language": {"name": "es", "confidence": 1},
    "text": "hay calle 5", "data_hash": "ab",
}  # fmt: skip
_ARRIVAL = Inbound(
    sender=Contact(channel="sms", address="+34600"), external_id="1", received_at=datetime(2026, 1, 1, tzinfo=UTC), text="hola"
)  # fmt: skip
TARGETS = (
    Target(
        name="nlu-answers", opened=simple(_rasa), change=json_changed, samples=[json.dumps(_PARSE).encode()],
        words=b"intent entities intent_ranking language name confidence nlu_fallback greet report_tree data_hash".split(),
    ),
    Target(
        name="nominatim", opened=_nominatim, change=json_changed, words=b"lat lon 14.6 -66.5 NaN 1e400".split(),
        samples=[b'[{"lat": "14.60181", "lon": "-66.5"}]', b'[{"lat": 14.6, "lon": -66.5}, {"lat": "0", "lon": "0"}]', b"[]"],
    ),
    Target(
        name="spool", opened=_spool, change=json_changed, samples=[b"!" + Seal(_KEY).seal(b"[]", _PURPOSE), encode([_ARRIVAL]), encode([_ARRIVAL, _ARRIVAL]), msgspec.json.encode([])],
        words=b"sender channel address external_id received_at text kind media point album choice 2026-01-01T00:00:00Z".split(),
    ),
)  # fmt: skip
