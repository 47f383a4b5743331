"""`make eval`: how well the trained model understands sentences it never saw, per language, and what it costs, beside
other pipelines (stored runs; `STOCK=1` remakes them, `STOCK=vecino` one of them; `CV=5` cross-validates our own;
`SHARE=0.1` does either on a tenth of our sentences). Where another model serves than the newest (what clerks taught is
tried before it is taken), a last table shows what would change.

Prints tables, then writes `report.json` and `pictures/` beside this file; those of a model that clerks taught into
`var/nlu`. Where the bot runs for a city: `python -m bot nlu compare`.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nlu.chosen import is_taught
from nlu.dataset import DataError
from nlu.evaluation import crossvalidation, effect, stored
from nlu.evaluation.cases import FIGURES_ONLY, HERE, ROOT, sets
from nlu.evaluation.comparison import measured
from nlu.evaluation.metrics import Outcome, by_intent, confusions
from nlu.evaluation.pictures import draw
from nlu.evaluation.report import LEGEND, Pipeline, intents, lines
from nlu.evaluation.report import confusions as listed
from nlu.evaluation.targets import shortfalls
from nlu.train import candidate, model_path

MODELS = Path(os.environ.get("VECINO_VAR") or ROOT / "var") / "models"
SHARE, EPOCHS = 0.1, 20  # of the stored runs


def main() -> None:
    options = _options()
    if options.folds:
        _say(_cross_validated(options.folds, options.share or 1))
        return
    for name in options.stock or (() if options.stock is None else stored.CONFIGS):
        _remake(name, options)
    new, serving = candidate(MODELS), model_path(MODELS)
    cases = sets() | effect.taught(MODELS.parent / "nlu", serving)
    one, outcomes = asyncio.run(measured(new, cases))
    others = stored.columns(options.into)
    _say(pages(one.column, others, outcomes))
    _say([f"Vecino: the model {new.name}"])
    if serving != new:
        _say(["", *effect.lines(asyncio.run(measured(serving, cases))[0], one)])
    _write(new.name, one.column, others, outcomes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = f"train and measure the stored runs anew: {', '.join(stored.CONFIGS)} (default all)"
    parser.add_argument("--stock", nargs="*", choices=stored.CONFIGS, help=names)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of the stock pipeline (default {EPOCHS})")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate instead, with so many parts")
    parser.add_argument(
        "--share", type=_share, help=f"of our sentences to train on, 0 to 1 (default {SHARE}; all with --folds)"
    )
    parser.add_argument("--into", type=Path, default=stored.STORED, help="folder of the stored runs")
    return parser.parse_args()


def _share(said: str) -> float:
    share = float(said)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("a share lies above 0 and is 1 at most")
    return share


def _cross_validated(folds: int, share: float) -> list[str]:
    try:
        return crossvalidation.run(folds, print, share=share)
    except DataError as why:
        raise SystemExit(f"too few sentences for {folds} parts, take a larger share: {why}") from None


def _remake(name: str, options: argparse.Namespace) -> None:
    share = options.share or SHARE
    stored.remake(name, sets(), print, share=share, epochs=options.epochs, into=options.into)


def _write(
    model: str, own: Mapping[str, Any], others: Sequence[stored.Stored], outcomes: Mapping[str, Sequence[Outcome]]
) -> None:
    by_name = {name: round(f1, 4) for name, (f1, _) in sorted(by_intent(outcomes["authored"]).items())}
    beside = {one.run.name: {**one.column, "run": one.run.told()} for one in others}
    report = {"data_hash": model.split(".")[0], **own, "intents": by_name, "beside": beside}
    into = MODELS.parent / "nlu" if is_taught(model) else HERE  # the package's report is that of its own data
    try:
        (into / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        for name in _looked_at(outcomes):
            draw(name, outcomes[name], into / "pictures")
    except OSError as why:
        raise SystemExit(f"the report is printed only, {into} cannot be written: {why.strerror}") from None


def pages(
    own: Mapping[str, Any], others: Sequence[stored.Stored], outcomes: Mapping[str, Sequence[Outcome]]
) -> Iterator[str]:
    """All that is printed; of a set that nobody looks at, its figures and no more."""
    yield from intents(outcomes["authored"])
    for name in _looked_at(outcomes):
        yield from ("", *listed(name, confusions(outcomes[name]).most_common()))
    yield ""
    yield from lines(list(outcomes), [Pipeline(title="Vecino", note="all data", column=own), *map(_beside, others)])
    yield from ("", LEGEND, *(f"{one.run.told()}" for one in others))
    yield f"The data is now {stored.sentences_hash()}."
    yield ""
    short = shortfalls(own)
    yield from ("Short of the target:", *(f"  {line}" for line in short)) if short else ("Every target is reached.",)


def _looked_at(outcomes: Mapping[str, Sequence[Outcome]]) -> list[str]:
    return [name for name in outcomes if name not in FIGURES_ONLY]


def _beside(one: stored.Stored) -> Pipeline:
    return Pipeline(title=one.run.title, note=one.run.note, column=one.column, narrow=one.run.name != "stock")


def _say(lines: Sequence[str] | Iterator[str]) -> None:
    for line in lines:
        print(line)  # noqa: T201 - this is what it is for


if __name__ == "__main__":
    main()
