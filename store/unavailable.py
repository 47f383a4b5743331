"""Which of a database's errors mean "try again later": they become StoreUnavailable, all others stay what they are."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.ports import StoreUnavailable

_SQLITE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
})  # fmt: skip

_BEATEN = "40"  # class of what is rolled back: deadlock, serialization

# Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = (
    "08",  # connection exception
    "25006",  # read-only transaction: a standby
    "28",  # not let in: a person sets the password right, and messages wait for it in the spool
    "3D000",  # no such database
    _BEATEN,
    "53",  # insufficient resources: disk full, too many connections
    "55P03",  # lock not available
    "57",  # operator intervention: shutdown, starting up, cancelled
    "58",  # system error: I/O
)

# asyncpg's, of a statement whose tables were changed under it by a migration: asked again, it is prepared anew. Not its
# code 0A000, which every feature that PostgreSQL lacks has: that would be tried again for ever.
_STALE = "InvalidCachedStatementError"


class reachable:  # noqa: N801 - read as a verb: `with reachable():`
    """Whatever runs inside raises StoreUnavailable when the database is locked, gone or full. A class, for it stands
    around every statement, and a generator would cost as much as a short one of them."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and _gone(error):
            name = _name(error)
            said = f"The database cannot be used now ({name}); try again later"
            raise StoreUnavailable(said, beaten=name.startswith(_BEATEN)) from error


def _gone(error: Exception) -> bool:
    if isinstance(error, (OSError, PoolTimeout)):  # cannot connect; TimeoutError is an OSError
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _temporary(error.orig)
    return _temporary(error)  # what the driver raises while it connects comes unwrapped


def _temporary(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    state = getattr(error, "sqlstate", None)
    if isinstance(code, int):
        return code & 0xFF in _SQLITE  # the primary code is in the lowest byte
    return type(error).__name__ == _STALE or (isinstance(state, str) and state.startswith(_POSTGRESQL))


def _name(error: Exception) -> str:
    """The error's name, never its words: they may hold what was to be stored."""
    source = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return getattr(source, "sqlite_errorname", None) or getattr(source, "sqlstate", None) or type(source).__name__
