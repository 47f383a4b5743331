"""Which model serves: the name in `in_use` beside the models. Only a person writes it (`python -m bot nlu use`), so
nothing is swapped by a training or a restart."""

from collections.abc import Collection
from pathlib import Path

from nlu import remembered

_FILE = "in_use"


class NoModel(Exception):
    """There is no such model of this data; `python -m bot nlu models` lists those that there are."""


def chosen(models: Path) -> str:
    """The file name that was chosen; "" where nobody ever chose."""
    try:
        return (models / _FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def choose(models: Path, model: Path) -> None:
    """From the next start on this one serves."""
    scratch = models / f".{_FILE}.tmp"
    scratch.write_text(f"{model.name}\n", encoding="utf-8")
    scratch.replace(models / _FILE)


def mark(name: str) -> str:
    """A dash and the hash of what clerks taught this model, as in its name; "" where that is nothing."""
    _, dash, taught = name.removesuffix(".tar.gz").partition("-")
    return dash + taught


def is_taught(name: str) -> bool:
    """Whether clerks' examples are in this model."""
    return mark(name) != ""


def drop_lost(models: Path, known: Collection[str]) -> list[str]:
    """Remove the models that learned a sentence which is not known any more: their features hold pairs of words that
    citizens wrote, so that what is erased must leave them too. Their names."""
    taught = (path for path in sorted(models.glob("*.tar.gz")) if is_taught(path.name))
    dropped = [path for path in taught if remembered.has_lost(path, known)]
    for path in dropped:
        path.unlink(missing_ok=True)
        remembered.beside(path).unlink(missing_ok=True)
    if mark(chosen(models)) in {mark(path.name) for path in dropped}:
        (models / _FILE).unlink()
    return [path.name for path in dropped]
