"""Other pipelines beside ours, measured once and stored: DIET takes minutes for an epoch, and hours for all sentences.

`make eval STOCK=1` trains Rasa's stock pipeline, logistic regression with a CRF and, to be fair, our own on the same
part of our sentences (`SHARE`, of each intent and language alike) and stores in `stored/<name>.json` what they reach.
"""

import asyncio
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nlu.dataset import load
from nlu.evaluation.cases import HERE
from nlu.evaluation.examples import sample, write
from nlu.evaluation.metrics import Case
from nlu.evaluation.report import column
from nlu.evaluation.served import by_rasa, ours
from nlu.train import FOLDER, train

STORED = HERE / "stored"
CONFIGS = {"stock": "config.stock.yml", "linear": "config.linear.yml", "vecino": "config.yml"}
TITLES = {"stock": "Rasa's stock DIET", "linear": "LogR+CRF", "vecino": "Vecino"}
_EPOCHS = re.compile(r"epochs: \d+")
_PARTS = ("domain.yml", "requirements.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where a stored column comes from: the sentences' hash and how many were read, epochs (None: it has none)."""

    name: str
    sentences_hash: str
    sentences: int
    share: float
    epochs: int | None
    train_s: int

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def note(self) -> str:
        return "all data" if self.share == 1 else f"{self.share:.0%} data"

    def told(self) -> str:
        """One line for the foot of a table."""
        epochs = f", {self.epochs} epochs" if self.epochs else ""
        trained = (
            f"{self.sentences} sentences ({self.share:.0%} of data {self.sentences_hash}){epochs}, {self.train_s} s"
        )
        return f"{self.title}, {self.note}: a stored run, trained on {trained}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A run with its column of the report."""

    run: Run
    column: Mapping[str, Any]


def columns(folder: Path = STORED) -> list[Stored]:
    """What is stored, in the order of the tables."""
    paths = [folder / f"{name}.json" for name in CONFIGS]
    stored = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()]
    return [Stored(run=Run(**one["run"]), column=one["column"]) for one in stored]


def sentences_hash(data: Path = FOLDER / "data") -> str:
    """Of the sentences alone, as 16 hex digits."""
    digest = hashlib.sha256()
    for path in sorted(data.glob("*.yml")):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def remake(
    name: str,
    cases: Mapping[str, Sequence[Case]],
    say: Callable[[str], None],
    *,
    share: float,
    epochs: int,
    into: Path = STORED,
) -> None:
    """Train a pipeline on `share` (0 to 1) of our sentences and store what it reaches."""
    say(f"{TITLES[name]}: training on {share:.0%} of the sentences")
    with TemporaryDirectory() as scratch:
        folder, began = project(name, Path(scratch) / "project", share=share, epochs=epochs), time.monotonic()
        archive = train(Path(scratch) / "models", say, folder=folder)
        run = Run(
            name=name,
            sentences_hash=sentences_hash(),
            sentences=len(load(folder / "data")),
            share=share,
            epochs=epochs if name == "stock" else None,
            train_s=round(time.monotonic() - began),
        )
        keep(run, archive, cases, into)


def keep(run: Run, archive: Path, cases: Mapping[str, Sequence[Case]], into: Path = STORED) -> None:
    """Ask a trained model everything and store its column: ours behind our server, the others behind Rasa's."""
    outcomes, cost = asyncio.run((ours if run.name == "vecino" else by_rasa)(archive, cases))
    into.mkdir(exist_ok=True)
    text = json.dumps({"run": asdict(run), "column": column(outcomes, cost)}, indent=1)
    (into / f"{run.name}.json").write_text(text + "\n", encoding="utf-8")


def project(name: str, folder: Path, *, share: float, epochs: int) -> Path:
    """A Rasa project of a part of our data and this pipeline, in `folder`."""
    shutil.copytree(FOLDER / "components", folder / "components", ignore=shutil.ignore_patterns("__pycache__"))
    write(sample(load(FOLDER / "data"), share), folder / "data")
    for part in _PARTS:
        shutil.copy(FOLDER / part, folder / part)
    config = (FOLDER / CONFIGS[name]).read_text(encoding="utf-8")
    (folder / "config.yml").write_text(_EPOCHS.sub(f"epochs: {epochs}", config), encoding="utf-8")
    return folder
