"""Values <-> sealed columns: the one place where contacts and citizens' words are written and read."""

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column

from store.seal import Seal, Unsealable

UNOPENED = (Unsealable, msgspec.MsgspecError)  # what `unpack` raises of bytes that this program cannot read
Value = TypeVar("Value")


class Codec:
    """Packs frozen values as sealed JSON. The column is the seal's purpose: bytes moved to another one do not open."""

    def __init__(self, seal: Seal) -> None:
        self.seal = seal
        self._purposes: dict[Column[Any], str] = {}
        self._decoders: dict[Any, msgspec.json.Decoder[Any]] = {}

    def pack(self, column: Column[Any], value: object) -> bytes:
        return self.seal.seal(encode(value), self._purpose(column))

    def unpack(self, column: Column[Any], sealed: bytes, kind: type[Value]) -> Value:
        """Raises one of UNOPENED."""
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = msgspec.json.Decoder(kind)
        value: Value = decoder.decode(self.seal.open(sealed, self._purpose(column)))
        return value

    def readable(self, column: Column[Any], sealed: bytes, kind: type[Value]) -> Value | None:
        """The same, and None where it raises."""
        try:
            return self.unpack(column, sealed, kind)
        except UNOPENED:
            return None

    def _purpose(self, column: Column[Any]) -> str:
        purpose = self._purposes.get(column)
        if purpose is None:  # SQLAlchemy takes its time to name a column
            purpose = self._purposes[column] = str(column)
        return purpose


def encode(value: object) -> bytes:
    """A dataclass, list or str as JSON. Halves of surrogate pairs, which no encoding can carry, become `?`."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole(value))


def _whole(value: Any) -> Any:
    if type(value) is str:  # not an enumeration's member, which is a str too
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, (list, tuple)):
        return [_whole(item) for item in value]
    if is_dataclass(value):
        return {part.name: _whole(getattr(value, part.name)) for part in fields(value)}
    return value
