"""A service's targets as a form has them: `sla.usual`, `sla.urgent`, `sla.emergency` and `sla.areas.CODE`, each a
number beside its unit (`sla.usual.unit`); an empty number is no target of its own."""

from collections.abc import Mapping
from typing import Any

from bot.settings.target import LONGEST
from tickets.calendar import Unit
from tickets.city import City
from tickets.model import Priority

_PRESSING = (Priority.URGENT, Priority.EMERGENCY)
_UNITS = tuple(map(str, Unit))


def told_targets(sla: Any) -> dict[str, str]:
    """`sla` of config.yml as fields."""
    fields = _one("sla.usual", {unit: amount for unit, amount in sla.items() if unit in _UNITS})
    for priority in _PRESSING:
        fields |= _one(f"sla.{priority}", sla.get(str(priority), {}))
    for area, target in sla.get("areas", {}).items():
        fields |= _one(f"sla.areas.{area}", target)
    return fields


def written_targets(form: Mapping[str, str], city: City) -> dict[str, Any]:
    """The other way round; what is no number stays as it was typed, for the reader to refuse."""
    sla = _target(form, "sla.usual")
    sla |= {str(one): target for one in _PRESSING if (target := _target(form, f"sla.{one}"))}
    areas = {one.code: target for one in city.areas if (target := _target(form, f"sla.areas.{one.code}"))}
    return sla | ({"areas": areas} if areas else {})


def wrong_targets(form: Mapping[str, str]) -> list[str]:
    """The fields that hold no number of working days or hours."""
    names = [name for name in form if name.startswith("sla.") and not name.endswith(".unit")]
    return [name for name in names if form[name].strip() and not _fits(form[name].strip())] + (
        [] if form.get("sla.usual", "").strip() else ["sla.usual"]
    )


def _fits(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= len(str(LONGEST)) and 1 <= int(typed) <= LONGEST


def _one(name: str, target: Mapping[str, int]) -> dict[str, str]:
    return {key: text for unit, amount in target.items() for key, text in ((name, str(amount)), (f"{name}.unit", unit))}


def _target(form: Mapping[str, str], name: str) -> dict[str, Any]:
    typed, unit = form.get(name, "").strip(), form.get(f"{name}.unit", "")
    if not typed:
        return {}
    return {unit if unit in _UNITS else _UNITS[0]: int(typed) if _fits(typed) else typed}
