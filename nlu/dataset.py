"""The training data, read and judged before Rasa sees it: every mistake is named with file and line."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.contract import ENTITIES, INTENTS, LANGUAGES

_SPAN = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")
_WORD = re.compile(r"\w+")
_PLACE = "xplacex"
SWAP_FROM = 6  # words; below it two short sentences may differ in one word and still both teach something


class DataError(Exception):
    """The training data is wrong; the message says file, line and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One training sentence. `spans` are (start, end, entity) in characters of `text`."""

    text: str
    intent: str
    language: str
    spans: tuple[tuple[int, int, str], ...]
    file: str
    line: int

    def where(self) -> str:
        return f"{self.file}:{self.line}"


def fold(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: what two people typing the same share."""
    bare = text.lower()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare))


def load(folder: Path) -> list[Example]:
    """All examples of `es.yml pt.yml en.yml fr.yml`; raises DataError for anything Rasa would misread."""
    examples = [example for language in LANGUAGES for example in read(folder / f"{language}.yml", language)]
    for language in LANGUAGES:
        missing = INTENTS - {e.intent for e in examples if e.language == language}
        if missing:
            raise DataError(f"{language}.yml: no examples for {', '.join(sorted(missing))}; add some")
    return examples


def read(path: Path, language: str) -> list[Example]:
    """The examples of one file, in order."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise DataError(f"{path.name}: the file is missing; each language needs one") from None
    except yaml.YAMLError as wrong:
        raise DataError(f"{path.name}: not YAML: {wrong}") from None
    return [example for block in _blocks(root, path) for example in _examples(block, path, language)]


def _blocks(root: yaml.Node | None, path: Path) -> Iterator[dict[str, yaml.Node]]:
    top = _mapping(root, path)
    if "nlu" not in top or not isinstance(top["nlu"], yaml.SequenceNode):
        raise DataError(f"{path.name}:1: no list `nlu:` at the top")
    for item in top["nlu"].value:
        yield _mapping(item, path)


def _mapping(node: yaml.Node | None, path: Path) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise DataError(f"{path.name}:{_line(node)}: expected `key: value` lines here")
    return {str(key.value): value for key, value in node.value}


def _line(node: yaml.Node | None) -> int:
    return node.start_mark.line + 1 if node is not None else 1


def _examples(block: dict[str, yaml.Node], path: Path, language: str) -> Iterator[Example]:
    first = _line(next(iter(block.values())))
    if set(block) != {"intent", "metadata", "examples"}:
        raise DataError(f"{path.name}:{first}: a block needs exactly `intent`, `metadata` and `examples`")
    intent = str(block["intent"].value)
    if intent not in INTENTS:
        raise DataError(f"{path.name}:{first}: {intent!r} is not an intent of the contract")
    said = _mapping(block["metadata"], path).get("language")
    if said is None or said.value != language:
        raise DataError(f"{path.name}:{first}: metadata must say `language: {language}`")
    for offset, line in enumerate(str(block["examples"].value).split("\n")):
        if line.strip():
            number = _line(block["examples"]) + 1 + offset
            yield _example(line, intent, language, path, number)


def _example(line: str, intent: str, language: str, path: Path, number: int) -> Example:
    if not line.startswith("- ") or not line[2:].strip():
        raise DataError(f"{path.name}:{number}: an example begins with `- ` and has words")
    text, spans = _annotated(line[2:].strip())
    wrong = {entity for _, _, entity in spans} - ENTITIES
    if wrong or "](" in text or "{" in text:
        raise DataError(f"{path.name}:{number}: write entities as [words](location|ticket|language), nothing else")
    return Example(text=text, intent=intent, language=language, spans=spans, file=path.name, line=number)


def _annotated(marked: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    text, spans, last = "", [], 0
    for match in _SPAN.finditer(marked):
        text += marked[last : match.start()]
        spans.append((len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        last = match.end()
    return text + marked[last:], tuple(spans)


def _masked(example: Example) -> tuple[str, ...]:
    """The folded words with every place as one word, so that a template with new streets is seen as one."""
    text, last = "", 0
    for start, end, entity in example.spans:
        text += example.text[last:start] + (f" {_PLACE} " if entity == "location" else example.text[start:end])
        last = end
    return tuple(fold(text + example.text[last:]).split())


def near_duplicates(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Pairs of one language that teach the same thing twice: equal after folding, or, from six words up with
    places masked, equal but for one word."""
    pairs: list[tuple[Example, Example]] = []
    for language in LANGUAGES:
        own = [e for e in examples if e.language == language]
        pairs += _same((fold(e.text) or e.text, e) for e in own)
        swaps: dict[tuple[str, ...], Example] = {}
        for example in own:
            words = _masked(example)
            if len(words) < SWAP_FROM:
                continue
            keys = [(*words[:i], "*", *words[i + 1 :]) for i in range(len(words))]
            known = next((swaps[k] for k in keys if k in swaps), None)
            if known is not None and fold(known.text) != fold(example.text):
                pairs.append((known, example))
            for key in keys:
                swaps.setdefault(key, example)
    return pairs


def _same(keyed: Iterable[tuple[str, Example]]) -> list[tuple[Example, Example]]:
    seen: dict[str, Example] = {}
    pairs = []
    for key, example in keyed:
        if key in seen:
            pairs.append((seen[key], example))
        seen.setdefault(key, example)
    return pairs


def _report(folder: Path, language: str) -> None:
    examples = read(folder / f"{language}.yml", language)
    counts = {intent: sum(e.intent == intent for e in examples) for intent in sorted(INTENTS)}
    for intent, count in counts.items():
        located = sum(e.intent == intent and any(s[2] == "location" for s in e.spans) for e in examples)
        print(f"{count:5d} {located:5d} located  {intent}")
    for one, other in near_duplicates(examples):
        print(f"near-duplicate {one.where()} ~ {other.where()}: {one.text!r} ~ {other.text!r}")
    print(f"{len(examples)} examples")


if __name__ == "__main__":
    import sys

    _report(Path(__file__).parent / "data", sys.argv[1])
