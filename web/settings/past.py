"""What was changed when by whom, each change beside what was before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bot.ports.amendments import Amendment
from tickets.city import City
from web.settings.kinds import Room, Told, told

SHOWN = 30  # changes of one setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field, before and after; None: there was none, or is none any more."""

    field: str
    old: object | None
    new: object | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change. `gone`: it took the setting away; `filed`: it brought back what config.yml says; `current`: it is what
    holds."""

    id: int
    at: datetime
    login: str
    gone: bool
    filed: bool
    current: bool
    differences: Sequence[Difference]


def differences(before: Told, after: Told) -> Sequence[Difference]:
    """Field by field, those of the later one first."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        Difference(field=name, old=before.get(name), new=after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def steps(room: Room, key: str, changes: Sequence[Amendment], base: City) -> Sequence[Step]:
    """The newest first; the last of them is compared with config.yml, where it is the first of all."""
    filed = room.items(base).get(key)
    states = [told(room, value, base) if (value := state(one.value, filed)) is not None else {} for one in changes]
    before: list[Told] = [*states[1:], told(room, filed, base) if filed is not None else {}]
    return [
        Step(
            id=one.id, at=one.at, login=one.login, gone=one.value is None, filed=is_filed(one.value), current=not place,
            differences=differences(before[place], states[place]),
        )
        for place, one in enumerate(changes[:SHOWN])
    ]  # fmt: skip


def state(value: str | None, filed: Any) -> Any:
    """What holds after a change of this value; None: nothing."""
    if value is None:
        return None
    try:
        found = msgspec.json.decode(value)
    except msgspec.MsgspecError:
        return value
    return filed if found is None else found


def is_filed(value: str | None) -> bool:
    """Whether a change brought back what config.yml says."""
    return value is not None and value.strip() == "null"


def encoded(value: object) -> str:
    """As it is kept."""
    return msgspec.json.encode(value).decode()


def problems_by_key(unfit: Mapping[tuple[Any, str], Any], room: Room) -> Mapping[str, Any]:
    """Of one kind of settings."""
    return {key: problems for (kind, key), problems in unfit.items() if kind is room.kind}
