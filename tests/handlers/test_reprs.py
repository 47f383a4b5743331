"""No value that travels through the bot shows a citizen's words or contact when it is printed."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest

from bot import conversation, ports
from channels import message
from channels.message import Contact
from handlers import effects, say, turn
from handlers.reports import mine
from nlu import parse
from tickets import model
from tickets.model import Point

SENTINEL, NOWHERE = "Ana, +525512345678", 12.3456789
# Text that may be shown: codes, names that we gave, what clerks are called. A new field is hidden or named here.
CLEAR = frozenset({
    "channel", "content_type", "id", "name", "login", "language", "language_hint", "number", "service", "department",
    "street", "area", "question", "offered", "chosen", "token", "reason", "refused", "url", "code", "intent",
    "kind", "queue", "clerk", "about", "assignee", "outside", "merged_into", "route", "priority", "query", "areas", "agent", "consent", "answer", "key", "version", "to", "departments", "services",
})  # fmt: skip
MODULES = (message, say, turn, effects, mine, parse, model, ports, conversation)
PLAIN: Mapping[Any, Any] = {
    int: 1, float: NOWHERE, bool: True, timedelta: timedelta(1), datetime: datetime(2026, 11, 23, tzinfo=UTC), date: date(2026, 11, 23), bytes: SENTINEL.encode(),
    Contact: Contact(channel="telegram", address=SENTINEL), turn.Keyed: turn.without_key,
}  # fmt: skip


def values() -> Iterator[type]:
    """Every value class of these files; a bare point may be a street's, so it is its holders that hide it."""
    for module in MODULES:
        for kind in vars(module).values():
            ours = (
                isinstance(kind, type)
                and is_dataclass(kind)
                and f"{kind.__module__}.".startswith(f"{module.__name__}.")
            )
            if ours and kind not in (Contact, Point):
                yield kind


def filled(kind: type) -> Any:
    hints = get_type_hints(kind)
    return kind(**{part.name: _value(hints[part.name], part.name) for part in fields(kind)})


def _value(hint: Any, name: str) -> Any:
    """Something of this type: text is the sentinel, unless it may be shown."""
    if hint is str:
        return "clear" if name in CLEAR else SENTINEL
    if hint is float and name in ("confidence", "rate", "chat_rate", "metres"):
        return 0.5
    if isinstance(hint, TypeVar):  # a list shows what its rows show
        return filled(model.Place)
    if hint in PLAIN:
        return PLAIN[hint]
    if (outer := get_origin(hint)) is not None:
        return _filled_with(outer, get_args(hint), name)
    return next(iter(hint)) if issubclass(hint, StrEnum) else filled(hint)


def _filled_with(outer: Any, inner: tuple[Any, ...], name: str) -> Any:
    """A union, a collection or a mapping of such things."""
    if outer in (Union, UnionType):
        return _value(next(one for one in inner if one is not NoneType), name)
    if outer is frozenset:
        return frozenset({_value(inner[0], name)})
    if outer is tuple:
        return () if name == "lines" else (_value(inner[0], name),)
    return {name: _value(inner[1], name)}


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__qualname__) for kind in values()])
def test_nothing_of_a_citizen_stands_in_a_repr(kind: type) -> None:
    shown = repr(filled(kind))
    assert SENTINEL not in shown
    assert str(NOWHERE) not in shown


def test_the_values_that_carry_most_are_among_them() -> None:
    carrying = {message.Inbound, message.Outbound, turn.Draft, turn.Turn, effects.FileTicket, model.Place, model.Ticket}
    carrying |= {ports.Arrival, ports.Departure, ports.Queued, ports.Aside, parse.Entity, say.Reply}
    assert carrying <= set(values())
