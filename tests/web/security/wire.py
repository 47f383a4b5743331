"""Requests as no client library would send them, byte by byte."""

import asyncio

from tests.web.world import World


async def sent(world: World, raw: bytes, *, then: float = 5) -> bytes:
    """All that comes back until the server closes, or for `then` seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.client.port)
    writer.write(raw)
    came = bytearray()
    try:
        async with asyncio.timeout(then):
            while chunk := await reader.read(65536):
                came += chunk
    except TimeoutError:
        pass
    finally:
        writer.close()
    return bytes(came)


def asked(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request after which the connection ends."""
    head = "\r\n".join((line, "Host: vecino.example.org", "Connection: close", *headers))
    return head.encode() + b"\r\n\r\n" + body
