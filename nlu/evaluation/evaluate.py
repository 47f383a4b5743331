"""`make eval`: how well the trained model understands sentences it never saw, per language, and what it costs, beside
other pipelines on the same data (stored runs; `STOCK=1` remakes them, `CV=5` cross-validates our own).

Prints tables; writes `report.json` and `pictures/` beside this file.
"""

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from nlu.evaluation import crossvalidation, stored
from nlu.evaluation.cases import HERE, ROOT, sets
from nlu.evaluation.metrics import Outcome, by_intent, confusions
from nlu.evaluation.pictures import draw
from nlu.evaluation.report import column, intents, lines
from nlu.evaluation.report import confusions as listed
from nlu.evaluation.served import Cost, ours
from nlu.train import data_hash, model_path

MODELS = ROOT / "var" / "models"


def main() -> None:
    options = _options()
    if options.folds:
        _say(crossvalidation.run(options.folds, print))
        return
    if options.stock:
        for name in stored.NAMES:
            asyncio.run(stored.remake(name, options.epochs, MODELS, sets(), print))
    outcomes, cost = asyncio.run(ours(model_path(MODELS), sets()))
    report = {"data_hash": data_hash(), **column(outcomes, cost), "intents": _by_intent(outcomes["authored"])}
    (HERE / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for name in outcomes:
        draw(name, outcomes[name], HERE / "pictures")
    _say(_pages(outcomes, cost))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stock", action="store_true", help="train and measure the other pipelines anew")
    parser.add_argument("--epochs", type=int, default=12, help="of the stock pipeline")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate instead, with so many parts")
    return parser.parse_args()


def _by_intent(outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {name: round(f1, 4) for name, (f1, _) in sorted(by_intent(outcomes).items())}


def _pages(outcomes: Mapping[str, Sequence[Outcome]], cost: Cost) -> list[str]:
    others: dict[str, Any] = stored.columns()
    pages = [*lines(list(outcomes), {"vecino": column(outcomes, cost), **others}), ""]
    for name, other in others.items():
        epochs = f", {other['epochs']} epochs" if other["epochs"] else ""
        pages.append(f"{name}: a stored run on the data {other['examples_hash']}{epochs}; the data now: {data_hash()}")
    pages += ["", "authored", *intents(outcomes["authored"]), ""]
    for name, some in outcomes.items():
        pages += [*listed(name, confusions(some).most_common()), ""]
    return pages


def _say(pages: Sequence[str]) -> None:
    for line in pages:
        print(line)  # noqa: T201 - this is what it is for


if __name__ == "__main__":
    main()
