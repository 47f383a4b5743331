"""Clerks' passwords: argon2id, worked out in a thread, with the same time for a login that nobody has."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2  # each takes 64 MiB and a core for some 50 ms


class Passwords:
    """Makes and checks argon2 hashes."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobodys = _nobodys()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """What is stored of a new password. Blocks for some 50 ms."""
        return self._hasher.hash(password)

    async def verify(self, stored: str | None, offered: str) -> bool:
        """Whether `offered` is the password behind `stored`; none (no such clerk, or
        no password) takes as long and is never right."""
        async with self._slots:
            right = await asyncio.to_thread(self._right, stored or self._nobodys, offered)
        return right and bool(stored)

    def _right(self, stored: str, offered: str) -> bool:
        try:
            return self._hasher.verify(stored, offered)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


@cache
def _nobodys() -> str:
    """A hash to check where there is none; made before anybody asks, once for all applications of the process."""
    return PasswordHasher().hash("nobody has this password")
