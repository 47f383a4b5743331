"""`make eval CV=5`: our own examples in parts; each part is read by a model that was trained on the others.

Examples that say nearly the same stay in one part, so that no model is asked what it has as good as seen. What is
written is our own style throughout: it judges changes of the pipeline, the authored sets judge understanding.
"""

import asyncio
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from nlu.dataset import Example, fold, load
from nlu.evaluation.examples import case_of, sample, write
from nlu.evaluation.metrics import Outcome
from nlu.evaluation.metrics import confusions as confused
from nlu.evaluation.report import LEGEND, Pipeline, column, confusions, lines
from nlu.evaluation.served import Cost, ours
from nlu.train import FOLDER, train

_PREFIX = 5  # words: whatever begins alike is kept together
_NOT_COPIED = shutil.ignore_patterns(".venv", "__pycache__", "evaluation", "data")


def run(folds: int, say: Callable[[str], None], *, share: float = 1) -> list[str]:
    """The pages of the report for a share (0 to 1) of our examples; a training per part, a minute or two for each."""
    examples = sample(load(FOLDER / "data"), share)
    parts = split(examples, folds)
    outcomes: list[Outcome] = []
    for number, part in enumerate(parts, 1):
        say(f"part {number} of {folds}")
        asked = {id(example) for example in part}
        found, cost = _read(part, [example for example in examples if id(example) not in asked], say)
        outcomes += found
    pipeline = Pipeline(title="Vecino", note=f"{folds} parts", column=column({"own": outcomes}, cost))
    return [*lines(["own"], [pipeline]), LEGEND, "", *confusions("own", confused(outcomes).most_common())]


def _read(part: Sequence[Example], rest: Sequence[Example], say: Callable[[str], None]) -> tuple[list[Outcome], Cost]:
    """What a model of the rest makes of a part."""
    with TemporaryDirectory() as scratch:
        archive = train(Path(scratch) / "models", say, folder=_project(rest, Path(scratch) / "project"))
        found, cost = asyncio.run(ours(archive, {"own": [case_of(example) for example in part]}))
    return found["own"], cost


def split(examples: Sequence[Example], folds: int) -> list[list[Example]]:
    """Parts of about one size, alike ones together, always the same."""
    groups: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.language, " ".join(fold(example.text).split()[:_PREFIX])].append(example)
    order = list(groups.values())
    random.Random(0).shuffle(order)  # noqa: S311 - a shuffle, not a secret
    parts: list[list[Example]] = [[] for _ in range(folds)]
    for group in order:
        min(parts, key=len).extend(group)
    return parts


def _project(examples: Sequence[Example], folder: Path) -> Path:
    """Our Rasa project with these examples for its data."""
    shutil.copytree(FOLDER, folder, ignore=_NOT_COPIED)
    write(examples, folder / "data")
    return folder
