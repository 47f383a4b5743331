"""`python -m bot undelivered`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.commands.checking import load
from bot.commands.undelivered import show_undelivered
from bot.opening import open_store
from bot.ports import Queued
from channels.message import Contact, Inbound, Outbound

ROOT = Path(__file__).parents[2]
ANA = Contact(channel="sms", address="+5255000001")


async def with_failure(folder: Path) -> None:
    """One message that failed, in the demo's database under this folder."""
    config = await load(ROOT / "config.yml", {"VECINO_VAR": str(folder)})
    config.settings.var.mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    store, _ = await open_store(config, clock)
    async with store.work() as work:
        await work.inbox.accept([Inbound(sender=ANA, external_id="m", received_at=clock.now())])
        ana = await work.citizens.find(ANA)
        assert ana
        outbound = Outbound(key="reply:1:0", recipient=ANA, text="secret words")
        await work.outbox.enqueue([Queued(outbound=outbound, citizen=ana.id)], clock.now())
        [departure] = await work.outbox.claim("one", clock.now(), 60, 10)
        await work.outbox.failed(departure, "not_a_number", clock.now())
        await work.commit()
    await store.close()


async def test_each_failure_is_a_line_that_names_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await with_failure(tmp_path)
    config = await load(ROOT / "config.yml", {"VECINO_VAR": str(tmp_path)})
    await show_undelivered(config, "fr", 10)
    shown = capsys.readouterr().out
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d  -         sms         Réponse: Ce numéro n'existe pas\n", shown)
    await show_undelivered(config, "en", 0)
    assert "... 1 more" in capsys.readouterr().out


def test_an_empty_list_says_so_in_the_citys_language(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "undelivered"], cwd=ROOT, env={**os.environ, "VECINO_VAR": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Todo lo enviado llegó o está en camino.\n"), done.stderr
