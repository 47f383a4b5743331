"""The HTTP of nlu/serve.py, at the level of its connection. Runs in Rasa's environment, where httptools stands."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.fuzz.target import Target, simple

_NLU = Path(__file__).parents[3] / "nlu"
_TOKEN = "t"


class _Transport:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.written, self.closed = b"", False

    def is_closing(self) -> bool:
        return self.closed

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    abort = close


class _Model:
    data = "hash"

    def parse(self, text: str) -> "dict[str, Any]":
        return {"text": text}


def _said(data: bytes) -> str:
    if str(_NLU) not in sys.path:
        sys.path.insert(0, str(_NLU))
    wire, serve = importlib.import_module("wire"), importlib.import_module("serve")
    transport, connection = _Transport(), wire.Wire(serve._answering(_Model(), _TOKEN))
    connection.connection_made(transport)
    step = 1 + (data[-1] if data else 0) * 8
    for begin in range(0, len(data), step):
        if transport.closed:  # asyncio hands over nothing more
            break
        connection.data_received(data[begin : begin + step])
    statuses = [part[:3] for part in transport.written.split(b"HTTP/1.1 ")[1:]]
    assert b"500" not in statuses, "an error of ours"
    assert b"Traceback" not in transport.written
    return " ".join(sorted({status.decode() for status in statuses})) + str(transport.closed)


def _request(body: bytes, more: bytes = b"", path: bytes = b"/model/parse?token=t", method: bytes = b"POST") -> bytes:
    return b"%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s" % (method, path, more, len(body), body)


_BODY = json.dumps({"text": "hola"}).encode()
TARGETS = (
    Target(
        name="wire", opened=simple(_said),
        samples=[
            _request(_BODY), _request(_BODY, b"Connection: close\r\n"), _request(b"", path=b"/status?token=t", method=b"GET"),
            b"POST /model/parse?token=t HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"text\": \"hola\"\r\n1\r\n}\r\n0\r\n\r\n",
            _request(_BODY) + _request(_BODY), _request(_BODY, path=b"/model/parse?token=%c3%a9"),
        ],
        words=[
            b"POST", b"GET", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2", b"\r\n", b"\r\n\r\n", b"Content-Length: 5\r\n", b"Upgrade: h2c\r\n",
            b"Connection: upgrade\r\n", b"Expect: 100-continue\r\n", b"Transfer-Encoding: chunked\r\n", b"/status?token=t", b"token=t", b"\xff",
        ],
    ),
)  # fmt: skip
