"""How messages of several problems are told from those of one: `python -m benchmarks.several [--show]`.

False splits: sentences of the evaluation sets, each of which reports one thing, that are taken for several. Found:
`nlu/evaluation/double.jsonl`, two problems each, invented and never trained on, that become two of the right services.
The model is the one that serves; what is counted is what `bot/inbox/several.py` makes of it.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.commands.serving import understanding, understood
from bot.config import load
from bot.inbox.several import Heard, problems_of
from bot.ports import Parser
from bot.whereabouts import place_in
from handlers.turn import Part
from nlu.contract import LANGUAGES, REPORT_INTENTS, service_of
from nlu.places import Gazetteer
from nlu.several import pieces

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "nlu" / "evaluation"
_MAY_TELL = frozenset({*REPORT_INTENTS, None, "provide_location", "add_comment", "out_of_scope"})


async def parts(text: str, parser: Parser, places: Gazetteer) -> Sequence[Part]:
    """What a first message of these words would become."""
    found = pieces(text)
    if len(found) < 2 or (await parser.parse(text)).intent not in _MAY_TELL:
        return ()
    meant = [await parser.parse(piece.text) for piece in found]
    heard = zip(found, meant, strict=True)
    return problems_of(text, [Heard(piece, parse, place_in(piece.text, parse, places)) for piece, parse in heard])


def rows(name: str) -> Iterator[dict[str, object]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


async def measure(*, show: bool) -> None:
    config = load(ROOT / "config.yml", {})
    city = config.city
    places = Gazetteer(city.areas, city.streets, city.landmarks)
    async with understanding(config) as parser:
        await understood(parser)
        for language in LANGUAGES:
            await _false(f"authored_{language}.jsonl", parser, places, show=show)
        await _found(parser, places, show=show)


async def _false(name: str, parser: Parser, places: Gazetteer, *, show: bool) -> None:
    asked, cut, wrong = 0, 0, 0
    for row in rows(name):
        text, asked = str(row["text"]), asked + 1
        cut += len(pieces(text)) > 1
        several = await parts(text, parser, places)
        wrong += len(several) > 1
        if show and len(several) > 1:
            print(f"  {text}\n    -> {_told(several)}")
    print(f"{name}: {wrong} of {asked} are split, {wrong / asked:.1%} ({cut} have a cut)")


async def _found(parser: Parser, places: Gazetteer, *, show: bool) -> None:
    asked, right = 0, 0
    for row in rows("double.jsonl"):
        several = await parts(str(row["text"]), parser, places)
        services = [service_of(part.parse.intent or "") for part in several]
        asked, right = asked + 1, right + (services == row["services"])
        if show and services != row["services"]:
            print(f"  {row['text']}\n    -> {_told(several)}")
    print(f"double.jsonl: {right} of {asked} are found, {right / asked:.0%}")


def _told(several: Sequence[Part]) -> str:
    return " | ".join(f"{part.parse.intent} {part.parse.confidence:.2f}: {part.text}" for part in several) or "one"


if __name__ == "__main__":
    command = argparse.ArgumentParser(prog="python -m benchmarks.several", description=__doc__)
    command.add_argument("--show", action="store_true", help="print each mistake")
    asyncio.run(measure(show=command.parse_args().show))
