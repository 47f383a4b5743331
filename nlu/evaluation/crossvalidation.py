"""`make eval CV=5`: our own examples in parts; each part is read by a model that was trained on the others.

Examples that say nearly the same stay in one part, so that no model is asked what it has as good as seen. What is
written is our own style throughout: it judges changes of the pipeline, the authored sets judge understanding.
"""

import asyncio
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from nlu.contract import LANGUAGES
from nlu.dataset import Example, fold, load
from nlu.evaluation.metrics import Case, Outcome
from nlu.evaluation.metrics import confusions as confused
from nlu.evaluation.report import confusions, lines, per_language
from nlu.evaluation.served import ours
from nlu.train import FOLDER, train

_PREFIX = 5  # words: whatever begins alike is kept together
_NOT_COPIED = shutil.ignore_patterns(".venv", "__pycache__", "evaluation", "data")


def run(folds: int, say: Callable[[str], None]) -> list[str]:
    """The pages of the report; a training per part, about a minute each."""
    examples = load(FOLDER / "data")
    parts = split(examples, folds)
    outcomes: list[Outcome] = []
    cost: dict[str, float] = {}
    for number, part in enumerate(parts, 1):
        say(f"part {number} of {folds}")
        asked = {id(example) for example in part}
        rest = [example for example in examples if id(example) not in asked]
        with TemporaryDirectory() as scratch:
            archive = train(Path(scratch) / "models", say, folder=_project(rest, Path(scratch) / "nlu"))
            found, spent = asyncio.run(ours(archive, {"own": [_case(example) for example in part]}))
        outcomes += found["own"]
        cost = {"load_s": spent.load_s, "memory_mb": spent.memory_mb, "ms": spent.ms}
    column = {"own": per_language(outcomes), "server": cost}
    return [*lines(["own"], {"vecino": column}), "", *confusions("own", confused(outcomes).most_common())]


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
    (folder / "data").mkdir()
    for language in LANGUAGES:
        own = [example for example in examples if example.language == language]
        text = yaml.safe_dump({"version": "3.1", "nlu": list(_blocks(own, language))}, allow_unicode=True, width=10**6)
        (folder / "data" / f"{language}.yml").write_text(text, encoding="utf-8")
    return folder


def _blocks(examples: Sequence[Example], language: str) -> Iterator[dict[str, object]]:
    for intent in sorted({example.intent for example in examples}):
        said = "".join(f"- {marked(example)}\n" for example in examples if example.intent == intent)
        yield {"intent": intent, "metadata": {"language": language}, "examples": said}


def marked(example: Example) -> str:
    """The example as it is written in a data file: `hay un bache en [Av. 5](location)`."""
    text, last = "", 0
    for start, end, entity in example.spans:
        text += f"{example.text[last:start]}[{example.text[start:end]}]({entity})"
        last = end
    return text + example.text[last:]


def _case(example: Example) -> Case:
    def words(entity: str) -> str | None:
        found = [example.text[start:end] for start, end, name in example.spans if name == entity]
        return " ".join(found) or None

    return Case(
        text=example.text,
        language=example.language,
        intent=example.intent,
        location=words("location"),
        ticket=words("ticket"),
        mixed=False,
    )
