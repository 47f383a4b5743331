"""What Prometheus reads: right numbers, the database's among them, and nothing of a citizen."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import build
from bot.commands.server import PortTaken, measured
from bot.config import ConfigError, Listening
from bot.roles import watching
from bot.roles.process import Vecino
from bot.roles.scrape import Scrape
from bot.roles.watching import Watching
from channels.message import Delivery, Receipt
from tests.bot.conftest import WHOLE
from tests.bot.test_commands import loaded
from tests.bot.test_reception import Away
from tests.town import ScriptedParser, Town, town

Found = Mapping[str, float]


def scrape(puerto: Town) -> Scrape:
    counters = puerto.inbox.counters
    puerto.delivery.counters = puerto.reception.counters = counters
    return Scrape(
        counters=counters, store=puerto.store, clock=puerto.clock, reception=puerto.reception, watching=Watching(counters)
    )  # fmt: skip


def read(text: str) -> Found:
    """Name and label values, joined by blanks -> value."""
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def numbers(of: Scrape) -> Found:
    return read((await of.numbers()).text().decode())


async def test_what_came_in_was_answered_filed_sent_and_delivered_is_counted(puerto: Town) -> None:
    measure = scrape(puerto)
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    done = Receipt(key="reply:1:0", external_id="", delivery=Delivery.DELIVERED, reason="")
    await puerto.reception.receipts("simulated_telegram", [done])
    found = await numbers(measure)
    assert found["vecino_messages_in_total"] == 2
    assert found["vecino_messages_answered_total"] == 2
    assert found["vecino_tickets_filed_total pothole"] == 1
    assert found["vecino_outbound_total simulated_telegram sent "] == 3
    assert found["vecino_receipts_total simulated_telegram delivered "] == 1
    assert found["vecino_parse_seconds_count"] == 1  # a button needs no parse
    assert found["vecino_nlu_down"] == 0
    assert found["process_resident_memory_bytes"] > 0


async def test_a_message_that_comes_twice_is_counted_once(puerto: Town) -> None:
    measure, message = scrape(puerto), puerto.phones["simulated_telegram"].say("p1", WHOLE)
    await puerto.reception.accept([message, message])
    await puerto.reception.accept([message])
    assert (await numbers(measure))["vecino_messages_in_total"] == 1


async def test_what_waits_and_since_when_is_read_from_each_database(
    tmp_path: Path, database_url: str, parser: ScriptedParser
) -> None:
    async with town(tmp_path, parser, database_url=database_url) as both:
        measure = scrape(both)
        found = await numbers(measure)
        assert [found[f"vecino_waiting {queue}"] for queue in ("inbox", "outbox", "photos", "parked")] == [0, 0, 0, 0]
        assert found["vecino_oldest_seconds inbox"] == 0
        await both.says(WHOLE, settle=False)
        both.clock.forward(seconds=40)
        await both.says("hola", phone="p2", settle=False)
        found = await numbers(measure)
        assert (found["vecino_waiting inbox"], found["vecino_waiting outbox"]) == (2, 0)
        assert found["vecino_oldest_seconds inbox"] == pytest.approx(40, abs=0.1)
        assert (found["vecino_listed aside"], found["vecino_listed undelivered"]) == (0, 0)
        assert found["vecino_database_up"] == 1


async def test_what_ended_by_an_error_is_failing(puerto: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FIRST_PAUSE", 3600.0)
    measure = scrape(puerto)

    async def work() -> None:
        raise ZeroDivisionError

    task = measure.watching.begin("poll:telegram", work)
    await asyncio.sleep(0)
    found = await numbers(measure)
    assert (found["vecino_failing poll:telegram"], found["vecino_failures_total poll:telegram"]) == (1, 1)
    task.cancel()


async def test_while_the_database_is_away_the_rest_is_told(puerto: Town) -> None:
    puerto.spool.append([puerto.phones["simulated_telegram"].say("p1", WHOLE)])
    found = await numbers(replace(scrape(puerto), store=Away(puerto.store)))
    assert (found["vecino_database_up"], found["vecino_spool_pending"]) == (0, 1)
    assert "vecino_waiting inbox" not in found
    assert found["vecino_messages_in_total"] == 0


async def test_what_was_set_apart_of_a_spool_is_told(puerto: Town, tmp_path: Path) -> None:
    (tmp_path / "spool" / "1-a.unreadable").touch()
    (tmp_path / "spool" / "2-a.refused").touch()
    (tmp_path / "spool" / "3-a.refused").touch()
    found = await numbers(scrape(puerto))
    assert (found["vecino_spool_apart refused messages"], found["vecino_spool_apart unreadable messages"]) == (2, 1)
    assert found["vecino_spool_pending"] == 0


async def test_nothing_of_a_citizen_stands_in_it(puerto: Town) -> None:
    measure = scrape(puerto)
    await puerto.says(WHOLE, phone="phone-of-ana")
    await puerto.presses("Sí", phone="phone-of-ana")
    (ticket,) = await puerto.tickets(phone="phone-of-ana")
    text = (await measure.numbers()).text().decode()
    assert not [secret for secret in ("phone-of-ana", "Bol", ticket.number) if secret in text]


async def running(folder: Path, port: int) -> Vecino:
    config = await loaded(folder, ("mode: demo", f"mode: demo\nmetrics: {{port: {port}}}"))
    return await build(config, ScriptedParser(), durable=False)


async def test_it_is_served_on_a_port_of_its_own_from_before_the_database_is_there(tmp_path: Path) -> None:
    vecino = await running(tmp_path, 0)
    async with measured(vecino) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as prometheus:
        async with prometheus.get("/metrics") as answer:
            assert answer.status == 200
            assert read(await answer.text())["vecino_database_up"] == 0
        async with prometheus.get("/desk") as answer:
            assert answer.status == 404
        with pytest.raises(PortTaken, match=rf"port {port} on 127\.0\.0\.1"):
            async with measured(await running(tmp_path, port or 0)):
                pass
    await vecino.stop()


async def test_it_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    vecino = await build(await loaded(tmp_path), ScriptedParser(), durable=False)
    async with measured(vecino) as port:
        assert port is None
    await vecino.stop()


@pytest.mark.parametrize(
    ("written", "own", "at"),
    [
        ("{port: 9464}", "", Listening(host="127.0.0.1", port=9464)),
        ("{host: 0.0.0.0, port: 9464}", "9465", Listening(host="0.0.0.0", port=9465)),
    ],
)
async def test_where_it_is_served_stands_in_config_yml_or_for_one_process_in_its_environment(
    tmp_path: Path, written: str, own: str, at: Listening
) -> None:
    changes = ("mode: demo", f"mode: demo\nmetrics: {written}")
    assert (await loaded(tmp_path, changes, VECINO_METRICS_PORT=own)).settings.metrics == at


@pytest.mark.parametrize(
    ("written", "own", "says"),
    [
        ("{}", "", "metrics.port: is missing"),
        ("{port: 99999}", "", "metrics.port: must be a port"),
        ("{port: 1, path: /m}", "", "metrics.path: is not known here"),
        ("{port: 1}", "many", "VECINO_METRICS_PORT: must be a port"),
    ],
)
async def test_a_wrong_place_for_it_is_refused(tmp_path: Path, written: str, own: str, says: str) -> None:
    changes = ("mode: demo", f"mode: demo\nmetrics: {written}")
    with pytest.raises(ConfigError, match=says):
        await loaded(tmp_path, changes, VECINO_METRICS_PORT=own)


async def test_every_name_in_the_runbook_is_told(puerto: Town) -> None:
    families = {family.name for family in (await scrape(puerto).numbers()).collect()}
    text = (Path(__file__).parents[2] / "deploy" / "README.md").read_text(encoding="utf-8")
    named = {name.removesuffix("_total") for name in re.findall(r"\bvecino_[a-z_]+", text)}
    assert named - families <= {
        "vecino_nlu_down",
        "vecino_digest_bounced",
        "vecino_backup_age_seconds",
    }  # from the first parse, and subscriber, on
    assert {name for name in families if name.startswith("vecino_")} <= named
