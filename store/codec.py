"""Values <-> sealed columns: the one place where contacts and citizens' words are written and read."""

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column

from store.seal import Seal

Value = TypeVar("Value")


class Codec:
    """Packs frozen values as sealed JSON. The column is the seal's purpose: bytes moved to another one do not open."""

    def __init__(self, seal: Seal) -> None:
        self.seal = seal

    def pack(self, column: Column[Any], value: object) -> bytes:
        return self.seal.seal(encode(value), str(column))

    def unpack(self, column: Column[Any], sealed: bytes, kind: type[Value]) -> Value:
        """Raises Unsealable."""
        return msgspec.json.decode(self.seal.open(sealed, str(column)), type=kind)


def encode(value: object) -> bytes:
    """A dataclass, list or str as JSON. Halves of surrogate pairs, which no encoding can carry, become `?`."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole(msgspec.to_builtins(value)))


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value
