"""Which model serves: the name in `in_use` beside the models. Only a person writes it (`python -m bot nlu use`), so
nothing is swapped by a training or a restart."""

from pathlib import Path

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


def is_taught(name: str) -> bool:
    """Whether clerks' examples are in this model: their hash stands behind a dash."""
    return "-" in name


def drop_taught(models: Path) -> list[str]:
    """Remove all models that learned from clerks: their features hold pairs of words that citizens wrote, so that what
    is erased must leave them too. Their names."""
    dropped = sorted(path for path in models.glob("*.tar.gz") if is_taught(path.name))
    for path in dropped:
        path.unlink(missing_ok=True)
    if is_taught(chosen(models)):
        (models / _FILE).unlink()
    return [path.name for path in dropped]
