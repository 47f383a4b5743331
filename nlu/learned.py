"""Examples that clerks taught: `var/nlu/<language>.yml`, beside the packaged data and never in it. They are citizens'
words: the files are written anew from the database at each review, so that what is erased there is erased here."""

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


def write(folder: Path, taught: Iterable[Taught]) -> Sequence[Path]:
    """One file per language that has examples; the others are removed. Raises DataError, and then changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    every, written = list(taught), []
    for language in LANGUAGES:
        path, scratch = folder / f"{language}.yml", folder / f".{language}.yml.tmp"
        blocks = [
            _block(code, language, every) for code in sorted({code for lang, code, _ in every if lang == language})
        ]
        if not blocks:
            path.unlink(missing_ok=True)
            continue
        content = yaml.dump({"version": "3.1", "nlu": blocks}, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
        scratch.write_text(content, encoding="utf-8")
        try:
            read(scratch, language)
            written.append(scratch.replace(path))
        finally:
            scratch.unlink(missing_ok=True)
    return written


def _block(code: str, language: str, taught: Sequence[Taught]) -> dict[str, object]:
    own = sorted({text for lang, service, text in taught if (lang, service) == (language, code)})
    return {
        "intent": REPORT + code,
        "metadata": {"language": language},
        "examples": _Block("".join(f"- {text}\n" for text in own)),
    }
