"""The throughput bench measures what it says."""

import asyncio
from datetime import UTC, datetime
from itertools import islice
from os import getpid
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
import yaml
from aiohttp import ClientSession, web
from yarl import URL

import channels
from benchmarks.city import PUBLIC
from benchmarks.peer import project
from benchmarks.rush.citizens import Citizen, Town
from benchmarks.rush.load import Exchange, at_rate, percentiles, saturated
from benchmarks.rush.texts import MESSAGES, Texts
from benchmarks.rush.usage import usage
from benchmarks.rush.world import World
from channels import Webhook
from channels.message import Contact, Inbound
from nlu.contract import INTENTS
from tests.peers.server import Server


class Late:
    """Is told that each reply came five seconds after it was said, and never goes on."""

    filed, over = False, True

    async def exchange(self) -> Exchange:
        return Exchange(acknowledged=perf_counter(), replied=perf_counter() + 5)


class Stuck(Late):
    """Keeps the generator itself busy."""

    async def exchange(self) -> Exchange:
        until = perf_counter() + 0.02
        while perf_counter() < until:
            pass
        return await super().exchange()


class Talker:
    """Four messages, the second files a report."""

    def __init__(self) -> None:
        self._said, self.filed = 0, False

    @property
    def over(self) -> bool:
        return self._said == MESSAGES

    async def exchange(self) -> Exchange:
        await asyncio.sleep(0)
        self._said += 1
        self.filed = self._said >= 2
        return Exchange(acknowledged=perf_counter(), replied=perf_counter())


async def test_at_a_rate_slow_answers_hold_nobody_back() -> None:
    measured = await at_rate(Late, 500, 0.05)
    assert measured.sent == len(measured.replied) == 25
    assert all(seconds >= 5 for seconds in measured.replied)


async def test_a_message_that_is_sent_late_is_timed_from_when_it_was_due() -> None:
    measured = await at_rate(Stuck, 500, 0.02)
    assert max(measured.late) > 0.05  # ten messages of 20 ms each were due within 20 ms
    assert max(measured.acknowledged) > max(measured.late)


async def test_reports_are_counted_once_each() -> None:
    assert (await at_rate(Talker, 1000, 0.04)).reports >= 1
    talkers: list[Talker] = []
    measured = await saturated(lambda: talkers.append(Talker()) or talkers[-1], 2, 0.02)
    # the last ones may have been under way at the end
    assert 0 <= sum(talker.filed for talker in talkers) - measured.reports <= 2


def test_percentiles_are_of_all_and_in_milliseconds() -> None:
    assert percentiles([n / 1000 for n in range(1, 101)], 50, 95, 99) == pytest.approx([50.5, 96, 100])
    assert percentiles([], 50) == []


def test_no_text_comes_twice() -> None:
    texts = Texts(Random(1))
    for lines in islice(texts.conversations(), 2000):
        for text in (lines.report, lines.yes, lines.place, lines.thanks):
            texts.say(text)
    assert texts.repeated == 0
    texts.say(lines.thanks)
    assert texts.repeated > 0


async def posted(citizen: Citizen, town: Town, *, pictured: bool = False, url: str = "") -> Webhook:
    """What our server gets when this citizen says their first words; below a picture that is fetched at `url`."""
    got: list[Webhook] = []

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body, now = await request.read(), datetime.now(UTC)
        got.append(Webhook(url=request.path, headers=headers, body=body, now=now))
        return web.Response()

    app = web.Application()
    app.router.add_post("/channels/{name}", take)
    async with Server(app) as server, ClientSession() as session:
        port = URL(server.url).port or 0
        async with World(session, [port], town.hear) as world:
            world.url = url or world.url
            assert await world.say(citizen.contact, "hay un bache", pictured=pictured)
    return got[0]


@pytest.mark.parametrize("name", ["sms", "whatsapp", "telegram"])
async def test_webhooks_are_signed_as_the_channels_demand(name: str) -> None:
    town = Town(1)
    citizen = next(one for one in (town.begin() for _ in range(3)) if one.contact.channel == name)
    async with ClientSession() as session, World(session, [], town.hear) as world:
        secrets = world.secrets
    options = {**channels.load(name).OPTIONS, "api_url": "http://127.0.0.1:1", "from": "+15005550006"}
    channel = channels.load(name).open(options, secrets, PUBLIC)
    (inbound,) = channel.read(await posted(citizen, town))
    assert isinstance(inbound, Inbound)
    assert (inbound.sender, inbound.text) == (citizen.contact, "hay un bache")
    await channel.close()


def test_a_reply_that_nobody_waits_for_is_counted() -> None:
    town = Town(1)
    citizen = town.begin()
    town.hear(citizen.contact, "sorpresa")
    assert town.unasked == 1


def test_our_own_children_are_not_counted_as_ours() -> None:
    found = usage({"generator": [getpid()]})
    assert found.memory["generator"] > 10
    assert found.seconds["generator"] > 0


def test_the_peer_answers_each_intent_by_a_rule(tmp_path: Path) -> None:
    project.write(tmp_path)
    rules = yaml.safe_load((tmp_path / "data" / "rules.yml").read_text())["rules"]
    responses = yaml.safe_load((tmp_path / "domain.yml").read_text())["responses"]
    assert {rule["steps"][0]["intent"] for rule in rules} == INTENTS
    assert {rule["steps"][1]["action"] for rule in rules} == set(responses)


def test_contacts_of_the_bench_are_all_different() -> None:
    town = Town(1)
    assert len({town.begin().contact for _ in range(300)}) == 300
    assert isinstance(town.begin().contact, Contact)
