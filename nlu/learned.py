"""Examples that clerks taught: `var/nlu/<language>.yml`, beside the packaged data and never in it. They are citizens'
words: the files are written anew from the database at each review, and what is erased there is taken out of them some
minutes later (bot/learning.py)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from nlu.contract import LANGUAGES, REPORT
from nlu.dataset import read

Taught = tuple[str, str, str]  # language, service code, the sentence as Rasa's data writes it


class _Block(str):
    """Text that YAML is to write as a block, as in the packaged data."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Knows how to write a block."""


_Dumper.add_representer(_Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|"))


def files(folder: Path) -> list[Path]:
    """Those that there are, in the languages' order."""
    return [path for language in LANGUAGES if (path := folder / f"{language}.yml").exists()]


def said(path: Path) -> list[str]:
    """The sentences of one file, as they are written there; none where it is broken."""
    try:
        blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        return [line.removeprefix("- ").strip() for block in blocks for line in block["examples"].splitlines()]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return []


def write(folder: Path, taught: Iterable[Taught]) -> Sequence[Path]:
    """One file per language that has examples, for our own eyes only; the others are removed. Raises DataError, and
    then changes nothing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    every = list(taught)
    scratches = {folder / f"{language}.yml": folder / f".{language}.yml.tmp" for language in LANGUAGES}
    try:
        for path, scratch in scratches.items():
            _write(scratch, path.stem, [one for one in every if one[0] == path.stem])
        for path, scratch in scratches.items():
            scratch.replace(path) if scratch.exists() else path.unlink(missing_ok=True)
    finally:
        for scratch in scratches.values():
            scratch.unlink(missing_ok=True)
    return files(folder)


def forget(folder: Path, taught: Iterable[Taught]) -> int:
    """Take out of the files what is not among these; how many sentences. What they lack is not added: only a review
    does. A broken file is written anew from these, for nobody knows what it says. Raises DataError, as `write`."""
    every = list(taught)
    held = {path.stem: set(said(path)) for path in files(folder)}
    lost = {language: own - {text for lang, _, text in every if lang == language} for language, own in held.items()}
    if any(lost.values()) or not all(held.values()):
        write(folder, [one for one in every if one[0] in held and (not held[one[0]] or one[2] in held[one[0]])])
    return sum(map(len, lost.values()))


def _write(path: Path, language: str, taught: Sequence[Taught]) -> None:
    """Nothing where there are none. Raises DataError."""
    path.unlink(missing_ok=True)
    if not taught:
        return
    blocks = [_block(code, language, taught) for code in sorted({code for _, code, _ in taught})]
    content = yaml.dump({"version": "3.1", "nlu": blocks}, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    read(path, language)


def _block(code: str, language: str, taught: Sequence[Taught]) -> dict[str, object]:
    own = sorted({text for lang, service, text in taught if (lang, service) == (language, code)})
    return {
        "intent": REPORT + code,
        "metadata": {"language": language},
        "examples": _Block("".join(f"- {text}\n" for text in own)),
    }
