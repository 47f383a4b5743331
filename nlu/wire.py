"""HTTP/1.1 of `nlu/serve.py`: one connection, its requests answered one after the other as they come.

aiohttp spends 1 ms on a request whose parse takes 1 ms; httptools (C, the parser of Rasa's own server) a tenth of that.
What is read is bounded: 4 KB of address, 64 KB of body, and whoever sends on after being refused is cut off.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httptools

LARGEST = 64 * 1024
_LONGEST_URL = 4 * 1024
_TOO_MUCH = 16 * LARGEST  # of what is refused already
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    413: "Content Too Large",
    500: "Internal Server Error",
}

Answer = tuple[int, dict[str, Any]]  # status and body
Answering = Callable[[str, str, bytes], Answer]  # to method, address and body


class Wire(asyncio.Protocol):
    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._transport: Any = None
        self._parser = httptools.HttpRequestParser(self)
        self._url, self._body, self._size = b"", bytearray(), 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._say((400, {"reason": "not a request of HTTP/1.1"}), last=True)

    def on_message_begin(self) -> None:
        self._url, self._body, self._size = b"", bytearray(), 0

    def on_url(self, part: bytes) -> None:
        self._url += part
        if len(self._url) > _LONGEST_URL:
            self._transport.abort()

    def on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= LARGEST:
            self._body += part
        elif self._size > _TOO_MUCH:
            self._transport.abort()

    def on_message_complete(self) -> None:
        if self._size > LARGEST:
            self._say((413, {"reason": f"the body has more than {LARGEST} bytes"}), last=True)
            return
        self._say(self._answer(), last=not self._parser.should_keep_alive())

    def _answer(self) -> Answer:
        try:
            return self._answering(self._parser.get_method().decode(), self._url.decode("latin-1"), bytes(self._body))
        except Exception:  # noqa: BLE001 - whatever it is, it may hold a citizen's words and must not end the connection
            return 500, {"reason": "InternalError"}

    def _say(self, answer: Answer, *, last: bool) -> None:
        if self._transport.is_closing():
            return
        status, body = answer
        content = json.dumps(body).encode()
        lines = [
            f"HTTP/1.1 {status} {_REASONS[status]}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
        ]
        lines += ["Connection: close"] if last else []
        self._transport.write("\r\n".join([*lines, "", ""]).encode() + content)
        if last:
            self._transport.close()
