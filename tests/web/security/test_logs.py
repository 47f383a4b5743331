"""What the log says of who was turned away, and that nobody writes it but us."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import capture_logs

from bot.logs import Discreet, configure
from tests.web.security.wire import asked, sent
from tests.web.world import World

FORGED = "7K3\r\n2026-11-23 [info] clerk logged in login=ana\x1b[31m"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before, root = structlog.get_config(), logging.getLogger().handlers[:]
    yield
    structlog.configure(**before)
    logging.getLogger().handlers[:] = root


async def test_what_was_refused_is_logged_without_what_was_asked_for(world: World) -> None:
    with capture_logs() as lines:
        await world.client.post("/desk/tickets/7K3-9QX/move", data={"csrf": "guessed", "note": "secret words"})
        await world.log_in()
        await world.client.post("/desk/tickets/7K3-9QX/move", data={"csrf": "guessed", "note": "secret words"})
        await world.client.post("/channels/sms?token=hidden", data=b"secret words")
        await sent(world, asked("PROPFIND /desk?number=7K3-9QX HTTP/1.1"))
    refused = [line for line in lines if line["event"] == "request refused"]
    assert [(line["route"], line["method"], line["status"]) for line in refused] == [
        ("/desk/tickets/{number}/move", "POST", 403),
        ("/channels/{name}", "POST", 403),
        ("none", "another", 405),
    ]
    assert not any(word in str(lines) for word in ("7K3", "secret", "guessed", "hidden"))


@pytest.mark.parametrize("as_json", [True, False])
def test_no_line_of_the_log_can_be_forged(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    configure(json=as_json)
    structlog.get_logger().info("request refused", route=FORGED)
    [line] = capsys.readouterr().err.splitlines()
    assert "\x1b[31m" not in line
    if as_json:
        assert json.loads(line)["route"] == FORGED


def test_a_library_s_line_is_one_line() -> None:
    record = logging.LogRecord("aiohttp", logging.ERROR, "", 1, "cannot read %s", (FORGED,), None)
    assert Discreet().format(record) == "ERROR aiohttp cannot read 7K3"
