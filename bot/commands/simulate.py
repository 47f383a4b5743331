"""`python -m bot simulate`: invented citizens talk to the whole bot; what came of it, against what was promised."""

import json
import logging
from pathlib import Path

import structlog

from bot.commands.serving import Unfit, tell_when_ready, understanding
from bot.commands.terminal import show
from bot.config import Config
from bot.simulate import transcripts
from bot.simulate.measures import Result, as_json, figures, table
from bot.simulate.persona import Wanted
from bot.simulate.running import simulate as run


async def simulate(
    config: Config, conversations: int, seed: int, wanted: Wanted, *, into: Path | None = None,
    figures_to: Path | None = None, failures: int = 0,
) -> None:  # fmt: skip
    """Play them and show the figures; `into` a folder go some whole conversations, `failures` is how many that did not
    end as wanted are shown. Raises Unfit when a promise is not kept."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    async with understanding(config) as parser:
        await tell_when_ready(parser)
        results = await run(config, parser, conversations, seed, wanted, show)
    for line in table(results):
        show(line)
    _show_failures(results, failures)
    if into:
        transcripts.write(results, into)
    if figures_to:
        _write(results, seed, figures_to)
    if short := figures(results).shortfalls():
        raise Unfit("Not as promised: " + "; ".join(short))


def _write(results: list[Result], seed: int, path: Path) -> None:
    path.write_text(json.dumps(as_json(results, seed), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _show_failures(results: list[Result], most: int) -> None:
    for result in [r for r in results if r.reason or r.stuck or r.talk.mixed or r.talk.unread][:most]:
        show(f"\n{result.persona}\n{transcripts.shown(result)}\n{result.talk.unread or ''}")
