"""What the readers of config.yml say, beside the fields of a form."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.settings import room
from bot.settings.section import Mistake, Problem

Beside = dict[str, Problem]
GENERAL = ""  # beside no field
_TEXTS = frozenset({"names", "texts", "answers"})  # one for each language


def beside(problems: Iterable[Problem], form: Mapping[str, str], languages: Iterable[str]) -> Beside:
    """Each problem by its field, the first of each."""
    found: Beside = {}
    for one in problems:
        for name in _fields(one, form, tuple(languages)):
            found.setdefault(name, _told(one, name, form))
    return found


def _told(one: Problem, name: str, form: Mapping[str, str]) -> Problem:
    """Where no language has a text, each lacks one."""
    lacks = one.what is Mistake.UNFIT and name.partition(".")[0] in _TEXTS and not form.get(name, "").strip()
    return replace(one, what=Mistake.MISSING) if lacks else one


def _fields(one: Problem, form: Mapping[str, str], languages: tuple[str, ...]) -> list[str]:
    key = one.key.rsplit("]", 1)[-1].lstrip(".")
    every = [f"{key}.{language}" for language in languages]
    match one.what:
        case None:
            return [GENERAL]
        case Mistake.MENU:
            return [f"names.{language}" for language in languages]
        case Mistake.MISSING | Mistake.UNFIT if key in _TEXTS and not one.at:
            empty = [name for name in every if not form.get(name, "").strip()]
            return empty or every
        case Mistake.LONG if key in _TEXTS and not one.at:
            return [name for name in every if room.length(form.get(name, "").strip()) > int(one.shown or 0)]
        case _ if one.at and not key.endswith(f".{one.at}"):
            return [f"{key}.{one.at}"]
    return [key if key in form else GENERAL]
