"""How fast a message is understood over HTTP: the same model behind `nlu/serve.py`, as the bot runs it, and behind
`rasa run`.

    python -m benchmarks.parsing [--seconds 4] [--rounds 3] [--train]

Distinct texts (of the evaluation's authored set), asked over 1 and then 8 connections that never pause; of the rounds
the best is shown, as other work on the machine only ever slows one down. The load average stands beside the figures:
above the number of cores they say more of the neighbours than of the model. `--train` times a training, too.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from benchmarks.rush.usage import usage
from nlu.client import Address
from nlu.evaluation.cases import ROOT, sets
from nlu.evaluation.served import SERVERS
from nlu.train import model_path, train

_CONNECTIONS = (1, 8)
_WARM = 200  # texts asked before anything is timed
WANTED = "500 parses/s, p50 2 ms, loaded in 12 s, 600 MB, trained in 60 s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Parses a second, milliseconds of one (half of them and 99 of 100 were faster), server's CPU of one (ms)."""

    rate: float
    p50: float
    p99: float
    cpu: float


def main() -> None:
    options = _options()
    archive = model_path(ROOT / "var" / "models")
    print(f"{archive.name}, {os.cpu_count()} cores, best of {options.rounds} rounds; wanted of serve.py: {WANTED}\n")
    heading = ("server", "load s", "MB", "connections", "parses/s", "p50 ms", "p99 ms", "CPU ms", "load average")
    print("".join(f"{word:>13}" for word in heading))
    for name in SERVERS:
        asyncio.run(_measure(name, archive, options))
    if options.train:
        _train()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4, help="of one round (default 4)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the best is shown (default 3)")
    parser.add_argument("--train", action="store_true", help="time a training as well")
    return parser.parse_args()


async def _measure(name: str, archive: Path, options: argparse.Namespace) -> None:
    texts = [case.text for case in sets()["authored"]]
    began = time.monotonic()
    async with SERVERS[name](archive) as (address, pid), aiohttp.ClientSession() as session:
        loaded = time.monotonic() - began
        await _ask(session, address, iter(texts[:_WARM]))
        for connections in _CONNECTIONS:
            rounds = [
                await _round(session, address, pid, texts, connections, options.seconds) for _ in range(options.rounds)
            ]
            best = max(rounds, key=lambda one: one.rate)
            memory = usage({"server": [pid]}).memory["server"]
            cells = (
                f"{loaded:.1f}",
                f"{memory:.0f}",
                connections,
                f"{best.rate:.0f}",
                f"{best.p50:.2f}",
                f"{best.p99:.2f}",
            )
            line = (name, *cells, f"{best.cpu:.2f}", f"{os.getloadavg()[0]:.1f}")
            print("".join(f"{cell:>13}" for cell in line))


async def _round(
    session: aiohttp.ClientSession, address: Address, pid: int, texts: Sequence[str], connections: int, seconds: float
) -> Round:
    before, began = usage({"server": [pid]}), time.perf_counter()
    asked = _until(began + seconds, texts)
    each = await asyncio.gather(*(_ask(session, address, asked) for _ in range(connections)))
    times = sorted(chain.from_iterable(each))
    spent, after = time.perf_counter() - began, usage({"server": [pid]})
    return Round(
        rate=len(times) / spent,
        p50=times[len(times) // 2] * 1000,
        p99=times[len(times) * 99 // 100] * 1000,
        cpu=(after.seconds["server"] - before.seconds["server"]) * 1000 / len(times),
    )


def _until(end: float, texts: Sequence[str]) -> Iterator[str]:
    """The texts over and over, until the clock says so; at least one."""
    for text in cycle(texts):
        yield text
        if time.perf_counter() > end:
            return


async def _ask(session: aiohttp.ClientSession, address: Address, texts: Iterator[str]) -> list[float]:
    """Seconds of each, from asking to the whole answer."""
    times = []
    for text in texts:
        began = time.perf_counter()
        query = {"token": address.token}
        async with session.post(f"{address.url}/model/parse", params=query, json={"text": text}) as answer:
            answer.raise_for_status()
            await answer.read()
        times.append(time.perf_counter() - began)
    return times


def _train() -> None:
    with TemporaryDirectory() as scratch:
        began, spent = time.monotonic(), os.times()
        train(Path(scratch) / "models", lambda _: None)
        now = os.times()
        cpu = now.children_user + now.children_system - spent.children_user - spent.children_system
        print(
            f"\ntraining: {time.monotonic() - began:.0f} s ({cpu:.0f} s of CPU), load average {os.getloadavg()[0]:.1f}"
        )


if __name__ == "__main__":
    main()
