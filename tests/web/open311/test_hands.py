"""Forms with files, of which each fills memory before the key in it is known."""

import asyncio
import gzip
from contextlib import ExitStack

import pytest

from tests.web.open311.test_posting import HOLE, REQUESTS, add_key, in_parts, picture, post
from tests.web.world import World
from web.open311 import reading
from web.open311.hands import AT_ONCE, IN_ALL, Hands
from web.open311.problems import Refused
from web.open311.standard import DOOR


def test_a_caller_has_so_many_and_another_one_has_them_too() -> None:
    hands = Hands()
    held = [hands.held("a") for _ in range(AT_ONCE)]
    for one in held:
        one.__enter__()
    with pytest.raises(Refused) as refusal, hands.held("a"):
        pass
    assert [problem.status for problem in refusal.value.problems] == [429]
    with hands.held("b"):
        pass
    held[0].__exit__(None, None, None)
    with hands.held("a"):
        pass


async def test_while_all_are_busy_forms_with_files_wait_and_others_do_not(world: World) -> None:
    key, hands = await add_key(world), world.client.app[DOOR].hands
    held = [hands.held("127.0.0.1/32") for _ in range(AT_ONCE)]
    for one in held:
        one.__enter__()
    status, [said], answer = await post(world, in_parts(key, picture()))
    assert (status, said["code"], answer.headers["Retry-After"]) == (429, 429, "5")
    assert (await post(world, HOLE | {"api_key": key}))[0] == 200
    held[0].__exit__(None, None, None)
    for _ in range(AT_ONCE):
        assert (await post(world, in_parts(key, picture())))[0] == 200


def test_callers_of_many_addresses_have_so_many_in_all() -> None:
    hands = Hands()
    with ExitStack() as busy:
        for number in range(IN_ALL):
            busy.enter_context(hands.held(f"caller-{number}"))
        with pytest.raises(Refused) as refusal, hands.held("another"):
            pass
    [problem] = refusal.value.problems
    assert (problem.status, problem.headers) == (503, {"Retry-After": "5"})
    with hands.held("another"):
        pass


async def test_what_stands_before_the_first_part_counts_too(world: World) -> None:
    """The library skips it for as long as it comes."""
    bomb = gzip.compress((b"0" * 70 + b"\r\n") * (40 * 1024 * 1024 // 72))
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Encoding": "gzip"}
    answer = await world.client.post(f"{REQUESTS}.json", data=bomb, headers=headers)
    assert answer.status == 413


async def test_who_never_ends_a_form_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    reader, writer = await asyncio.open_connection(world.client.host, world.client.port)
    head = (
        f"POST {REQUESTS}.json HTTP/1.1", "Host: x", "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 30000000", "", '--x', 'Content-Disposition: form-data; name="media"; filename="a"', "", "",
    )  # fmt: skip
    writer.write("\r\n".join(head).encode())
    async with asyncio.timeout(5):
        assert b" 408 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
