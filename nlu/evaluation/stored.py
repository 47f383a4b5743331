"""Other pipelines on the same data, measured once and stored: training DIET takes most of an hour.

`make eval STOCK=1` remakes `stored/<name>.json`, each of which names its data hash and its epochs.
"""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nlu.evaluation.cases import HERE
from nlu.evaluation.metrics import Case
from nlu.evaluation.report import column
from nlu.evaluation.served import by_rasa
from nlu.train import FOLDER, data_hash, train

STORED = HERE / "stored"
NAMES = ("stock", "linear")  # nlu/config.<name>.yml
_EPOCHS = re.compile(r"epochs: \d+")
_DATA = ("domain.yml", "requirements.txt")


def columns() -> dict[str, Any]:
    """What is stored, by name."""
    paths = [STORED / f"{name}.json" for name in NAMES]
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()}


async def remake(
    name: str, epochs: int, models: Path, cases: Mapping[str, Sequence[Case]], say: Callable[[str], None]
) -> None:
    """Train the pipeline of `nlu/config.<name>.yml`, unless this data and these epochs are trained already, and
    store what it reaches. DIET wants about a minute and a half per epoch on two cores."""
    with TemporaryDirectory() as scratch:
        folder = project(name, epochs, Path(scratch))
        archive = train(models / "others", say, folder=folder)
        hashed = data_hash(folder)
    outcomes, cost = await by_rasa(archive, cases)
    known = {"data_hash": hashed, "examples_hash": data_hash(), "epochs": epochs if name == "stock" else None}
    STORED.mkdir(exist_ok=True)
    text = json.dumps({**known, **column(outcomes, cost)}, indent=1)
    (STORED / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def project(name: str, epochs: int, folder: Path) -> Path:
    """A Rasa project of our data and another pipeline, in `folder`."""
    shutil.copytree(FOLDER / "data", folder / "data")
    for part in _DATA:
        shutil.copy(FOLDER / part, folder / part)
    config = (FOLDER / f"config.{name}.yml").read_text(encoding="utf-8")
    (folder / "config.yml").write_text(_EPOCHS.sub(f"epochs: {epochs}", config), encoding="utf-8")
    return folder
