"""The doctor says where all callers would be counted as one."""

from pathlib import Path

import pytest

from bot.commands.doctor.finding import State
from bot.commands.doctor.proxy import proxy
from bot.config import ConfigError
from tests.bot.test_commands import DEMO, KEY, LIVE, loaded

ADDRESS = ('public_url: ""', 'public_url: "https://vecino.example.org"')


def listening(more: str) -> tuple[str, str]:
    return ADDRESS[0], f"{ADDRESS[1]}\n{more}"


@pytest.mark.parametrize(
    "more", ["host: 127.0.0.1", 'host: "::1"', "host: localhost", "", "{host: 0.0.0.0, proxies: [10.89.11.0/24]}"]
)
async def test_who_listens_to_this_machine_or_knows_the_proxy_needs_nothing(tmp_path: Path, more: str) -> None:
    lines = "\n".join(more.strip("{}").split(", "))
    assert proxy(await loaded(tmp_path, (DEMO, LIVE), listening(lines), **KEY)) == []


async def test_who_listens_to_all_and_knows_no_proxy_is_told(tmp_path: Path) -> None:
    (found,) = proxy(await loaded(tmp_path, (DEMO, LIVE), listening("host: 0.0.0.0"), **KEY))
    assert found.state is State.WARN
    assert "counted as one caller" in found.said
    assert "`proxies`" in found.step


async def test_without_a_public_address_there_is_no_proxy(tmp_path: Path) -> None:
    assert proxy(await loaded(tmp_path, (DEMO, LIVE), (ADDRESS[0], f"{ADDRESS[0]}\nhost: 0.0.0.0"), **KEY)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "proxies: 10.0.0.1",
        "proxies: [everybody]",
        "proxies: [10.0.0.1/8]",
        "proxies: [0.0.0.0/0]",
        'proxies: ["2a00::/8"]',
    ],
)
async def test_what_is_no_network_of_proxies_is_refused_with_an_example(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"10\.89\.11\.0/24"):
        await loaded(tmp_path, (DEMO, LIVE), listening(wrong), **KEY)
