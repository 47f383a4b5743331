"""The HTTP of nlu/serve.py, asked by hand: what no well-behaved client sends. Needs nlu/.venv and a model."""

import asyncio
import json

import pytest

from nlu.client import Address


async def said(server: Address, *parts: bytes) -> bytes:
    """All that is answered to these bytes, sent one part after the other, until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


def request(
    server: Address, body: bytes, *, path: str = "/model/parse", last: bool = True, method: str = "POST"
) -> bytes:
    close = "Connection: close\r\n" if last else ""
    head = f"{method} {path}?token={server.token} HTTP/1.1\r\nHost: x\r\n{close}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def spoken(text: str) -> bytes:
    return json.dumps({"text": text}).encode()


async def test_two_requests_sent_at_once_are_answered_in_order(server: Address) -> None:
    both = request(server, spoken("hola"), last=False) + request(server, spoken("obrigado"))
    first, second = (
        json.loads(part.split(b"\r\n\r\n")[1]) for part in (await said(server, both)).split(b"HTTP/1.1 ")[1:]
    )
    assert (first["text"], second["text"]) == ("hola", "obrigado")


async def test_a_request_in_single_bytes_is_read(server: Address) -> None:
    whole = request(server, spoken("hola"))
    assert (await said(server, *(whole[i : i + 1] for i in range(len(whole))))).startswith(b"HTTP/1.1 200 ")


async def test_a_body_in_chunks_is_read(server: Address) -> None:
    body = spoken("hola")
    head = f"POST /model/parse?token={server.token} HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, body[:5], len(body) - 5, body[5:])
    assert (await said(server, head.encode(), chunks)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/model/parse", 404),
        ("PUT", "/model", 404),
        ("POST", "/status", 404),
        ("GET", "/status", 200),
    ],
)
async def test_only_two_paths_are_there(server: Address, method: str, path: str, status: int) -> None:
    answer = await said(server, request(server, b"", path=path, method=method))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize(
    "noise", [b"\x16\x03\x01\x02\x00\x01\x00", b"what is this\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n"]
)
async def test_what_is_no_request_is_refused_and_cut_off(server: Address, noise: bytes) -> None:
    assert (await said(server, noise)).startswith(b"HTTP/1.1 400 ")


async def test_a_body_too_large_is_refused_when_it_has_come(server: Address) -> None:
    answer = await said(server, request(server, b"x" * 70_000, last=False))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("flood", [b"x" * 2_000_000, b""])
async def test_an_endless_body_or_address_is_cut_off(server: Address, flood: bytes) -> None:
    whole = request(server, flood) if flood else request(server, b"", path="/" + "x" * 10_000)
    try:
        answer = await said(server, whole)
    except ConnectionError:
        answer = b""
    assert answer == b""
