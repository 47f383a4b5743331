"""How SQLite and PostgreSQL are opened, by their URLs."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from store.group import Writer
from store.postgresql import Lines, Pool
from store.session import Access
from store.sqlite import File, Readers
from store.unavailable import reachable

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_OPTIONS = frozenset({"host", "port", "ssl"})  # asyncpg's; any other would be a mistake that only connecting shows


class BadUrl(Exception):
    """VECINO_DATABASE_URL must be `sqlite:///path/to/file` or `postgresql://user:password@host/database`."""


def parse_url(text: str) -> URL:
    """The URL with the asynchronous driver in it; raises BadUrl, which never shows the password."""
    try:
        url = make_url(text)
        driver = _DRIVERS[url.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):  # ValueError: a port that is no number
        raise BadUrl(str(BadUrl.__doc__)) from None
    if unknown := set(url.query) - _OPTIONS:
        raise BadUrl(
            f"VECINO_DATABASE_URL may have the options host, port and ssl, but not {', '.join(sorted(unknown))}"
        )
    if driver.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise BadUrl("VECINO_DATABASE_URL must name a file: the writer and the readers share it")
    return url.set(drivername=driver)


def open_access(url: URL, *, patience: float, durable: bool) -> tuple[Access, Access]:
    """How to write and how to read. Connects to nothing yet. `patience` is how many seconds each wait lasts before
    StoreUnavailable; `durable=False` is for tests: SQLite without fsync."""
    if url.get_backend_name() == "sqlite":
        private_file(Path(str(url.database)))
        file = File(url, durable=durable)
        return Writer(file, patience), Readers(file, patience)
    pool = Pool(url, patience)
    return Lines(pool, reads=False), Lines(pool, reads=True)


def private_file(path: Path) -> None:
    """Makes the file if it is missing, readable by nobody else; SQLite gives its side files the same rights.
    Raises StoreUnavailable."""
    with reachable():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
