"""Training examples as material for other trainings and measurements: a fair part, data files, sentences to ask."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from nlu.contract import LANGUAGES
from nlu.dataset import Example
from nlu.evaluation.metrics import Case


def sample(examples: Sequence[Example], share: float) -> list[Example]:
    """`share` (0 to 1) of each intent of each language, at least one of each, always the same ones."""
    classes: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        classes[example.language, example.intent].append(example)
    draw = random.Random(0)  # noqa: S311 - a drawing, not a secret
    return [one for some in classes.values() for one in draw.sample(some, max(1, round(share * len(some))))]


def write(examples: Sequence[Example], folder: Path) -> None:
    """As data files in `folder`, which is made."""
    folder.mkdir()
    for language in LANGUAGES:
        own = [example for example in examples if example.language == language]
        text = yaml.safe_dump({"version": "3.1", "nlu": list(_blocks(own, language))}, allow_unicode=True, width=10**6)
        (folder / f"{language}.yml").write_text(text, encoding="utf-8")


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


def case_of(example: Example) -> Case:
    """The example as a sentence to measure on."""

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
