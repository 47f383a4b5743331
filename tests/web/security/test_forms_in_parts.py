"""Forms in parts, which are long: how much of one is read, for how long, and how many at once."""

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO

import pytest

from tests.web.security.wire import asked, sent
from tests.web.test_case_direct import PATH, at_the_desk, ticket_of
from tests.web.test_case_pictures import photo
from tests.web.test_case_resolve import form
from tests.web.world import World
from web import body, visit
from web.hands import AT_ONCE, IN_ALL, Busy, Hands

KIND = "multipart/form-data; boundary=x"
MADE_UP = "vecino_desk=made-up; __Host-vecino_desk=made-up"
MB = 1024 * 1024


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    of_file = "" if filename is None else f'; filename="{filename}"'
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n\r\n'.encode() + content + b"\r\n"


async def posted(world: World, content: bytes, **headers: str) -> tuple[int, str]:
    """`headers` with underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    all_of_it = {"Content-Type": KIND, **named}
    answer = await world.client.post(f"{PATH}/move", data=BytesIO(content), headers=all_of_it, allow_redirects=False)
    return answer.status, await answer.text()


def begun(cookie: str, *, at: bytes) -> bytes:
    """A form that says it is long, as far as it comes."""
    line = f"POST {PATH}/move HTTP/1.1"
    return asked(line, f"Cookie: {cookie}", f"Content-Type: {KIND}", "Content-Length: 30000000", body=at)


async def first_line(world: World, raw: bytes) -> bytes:
    """Of the answer, without a look at when the connection ends: what did not come is waited for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.client.port)
    writer.write(raw)
    try:
        async with asyncio.timeout(5):
            return await reader.readline()
    finally:
        writer.close()


def cookies_of(world: World) -> str:
    return "; ".join(f"{one.key}={one.value}" for one in world.client.session.cookie_jar)


@pytest.mark.parametrize(
    "content",
    [
        b"".join(part(f"f{number}", b"a" * 60_000) for number in range(5)),
        part("text", b"0" * (60 * MB)),
        b"0" * (60 * MB),  # before the first part
        (b"0" * 70 + b"\r\n") * 4_000,
    ],
    ids=["fields", "one field", "no part", "lines that are no part"],
)
@pytest.mark.parametrize("packed", [False, True])
async def test_a_form_in_parts_with_a_made_up_session_cookie_is_refused_above_256_kb_unpacked(
    world: World, content: bytes, packed: bool
) -> None:
    headers = {"Cookie": MADE_UP} | ({"Content_Encoding": "gzip"} if packed else {})
    status, _ = await posted(world, gzip.compress(content) if packed else content, **headers)
    assert status in {400, 413}  # 400: the library takes no line of more than 128 KB


@pytest.mark.parametrize("cookie", [MADE_UP, ""])
async def test_of_a_file_nothing_is_read_where_there_is_no_session_and_what_was_written_is_shown(
    world: World, cookie: str
) -> None:
    written = part("text", b"typed with care")
    came = await sent(world, begun(cookie, at=written + part("photo", b"\xff" * 200_000, "a.jpg")), then=1)
    assert came.split(b" ", 2)[1] == b"401"  # though the file has not come to its end, nor will
    assert b"typed with care" in came


async def test_a_session_that_ended_keeps_what_was_written_beside_a_photo(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    world.clock.pass_by(hours=13)
    answer = await world.client.post(f"{PATH}/move", data=form(csrf, b"\xff" * (3 * MB)), allow_redirects=False)
    assert (answer.status, "All done" in await answer.text()) == (401, True)
    assert (await ticket_of(world)).version == 1


@pytest.mark.parametrize("known", [False, True])
async def test_any_form_in_parts_ends_within_its_patience(
    world: World, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    await world.file()
    await at_the_desk(world)
    monkeypatch.setattr(body, "PATIENCE", 0.05)
    for at in (b"--x\r\n", b"nothing", part("text", b"typed")[:-2], b""):
        assert b" 408 " in await first_line(world, begun(cookies_of(world) if known else MADE_UP, at=at)), at
    if known:  # a file is waited for as well
        assert b" 408 " in await first_line(world, begun(cookies_of(world), at=part("photo", b"\0" * MB, "a")))


async def test_a_clerk_whose_bytes_keep_coming_has_more_patience_and_not_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.file()
    await at_the_desk(world)
    monkeypatch.setattr(body, "PATIENCE", 5)
    monkeypatch.setattr(body, "LONGEST", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", world.client.port)
    writer.write(begun(cookies_of(world), at=part("photo", b"\0", "a")))
    answered = asyncio.create_task(reader.readline())
    async with asyncio.timeout(4):  # less than the patience for one piece
        while not answered.done():
            writer.write(b"\0" * 1_000)
            await asyncio.wait([answered], timeout=0.01)
    assert b" 408 " in answered.result()
    writer.close()


async def test_a_form_of_many_parts_or_of_one_that_unpacks_into_too_much_is_refused(world: World) -> None:
    await world.file()
    csrf = (await at_the_desk(world)).encode()
    begins, end = part("csrf", csrf) + part("version", b"1"), b"--x--\r\n"
    heads = (
        b"--x\r\n" + (b"a: " + b"0" * 8_000 + b"\r\n") * 50 + b'Content-Disposition: form-data; name="a"\r\n\r\n\r\n'
    )
    refused = {
        "files": (part("photo", b"a", "a") * 2, 400),
        "empty files": (part("photo", b"", "") * 600, 400),
        "fields": (part("a", b"") * 600, 400),
        "long fields": (part("a", b"0" * 100_000) * 3, 413),
        "one long file": (part("photo", b"0" * (33 * MB), "a"), 413),
        "one that is not kept": (part("photo", b"0" * (33 * MB), ""), 413),
        "long heads": (heads * 90, 413),
    }
    for what, (content, status) in refused.items():
        whole = begins + content + end
        packed = await posted(world, gzip.compress(whole), Content_Encoding="gzip")
        plain = await posted(world, whole)
        assert (packed[0], plain[0]) == (status, status), what
    assert (await ticket_of(world)).version == 1


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """The desk's, all free."""
    fresh = Hands()
    monkeypatch.setattr(visit, "_HANDS", fresh)
    yield fresh
    assert not fresh._busy


async def test_one_caller_has_only_so_many_large_forms_open(world: World, hands: Hands) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    large = form(csrf, b"\xff" * 300_000)
    with ExitStack() as busy:
        for _ in range(AT_ONCE):
            busy.enter_context(hands.held("ana"))
        answer = await world.client.post(f"{PATH}/move", data=large, headers={"Accept-Language": "es"})
        assert (answer.status, answer.headers["Retry-After"]) == (429, "5")
        assert 'lang="' in await answer.text()
        small = form(csrf, None, to="triaged")
        assert (await world.client.post(f"{PATH}/move", data=small, allow_redirects=False)).status == 303
    again = form(csrf, photo(4_000, 3_000), version="2", to="resolved")
    assert (await world.client.post(f"{PATH}/move", data=again, allow_redirects=False)).status == 303


async def test_large_forms_in_all_are_so_many(world: World, hands: Hands) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    with ExitStack() as busy:
        for number in range(IN_ALL):
            busy.enter_context(hands.held(f"clerk-{number}"))
        answer = await world.client.post(f"{PATH}/move", data=form(csrf, b"\xff" * 300_000))
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        with pytest.raises(Busy) as told, hands.held("somebody"):
            pass
        assert told.value.status == 503


async def test_while_its_forms_come_slowly_a_caller_holds_hands_and_lets_them_go(world: World, hands: Hands) -> None:
    await world.file()
    await at_the_desk(world)
    held = [await asyncio.open_connection("127.0.0.1", world.client.port) for _ in range(AT_ONCE)]
    for _, writer in held:
        writer.write(begun(cookies_of(world), at=part("photo", b"\0" * 70_000, "a")))
    async with asyncio.timeout(5):
        while hands._busy["ana"] < AT_ONCE:
            await world.client.get("/healthz")
    assert b" 429 " in await first_line(world, begun(cookies_of(world), at=b"--x\r\n"))
    for _, writer in held:
        writer.close()
    async with asyncio.timeout(5):
        while hands._busy:
            await world.client.get("/healthz")
