"""Whether somebody on the way to the database could read along, or answer in its place."""

import ipaddress
from collections.abc import Sequence

from sqlalchemy import URL

from bot.commands.doctor.finding import Finding, ok, warn
from bot.config import Config
from store.engine import parse_url

_NAME = "way to the database"
_ADD = "write `{sign}ssl=verify-full` at the end of VECINO_DATABASE_URL, and PGSSLROOTCERT=FILE (who signed it) below"
_LACKS = {  # what a value of `ssl` leaves open; any other, or none, leaves all of it
    "require": "is encrypted, but whoever answers there is believed",
    "verify-ca": "is encrypted, but any host with a certificate of that authority is believed",
}
_OPEN = "may be read on its way: it is not said that it must be encrypted"


def wire(config: Config) -> Sequence[Finding]:
    """Nothing where there is no way: SQLite, a socket, loopback, or a name without a dot, as containers of one machine
    have."""
    url = parse_url(config.settings.database_url)
    away = [host for host in _hosts(url) if _is_elsewhere(host)]
    if url.get_backend_name() == "sqlite" or not away:
        return []
    said = _option(url, "ssl")
    if said == ["verify-full"]:
        return [ok(_NAME, "is encrypted, and its host is checked")]
    step = _ADD.format(sign="&" if url.query else "?")
    if said:
        step = "in VECINO_DATABASE_URL write `ssl=verify-full` instead, and PGSSLROOTCERT=FILE below it"
    lack = _LACKS.get(said[0], _OPEN) if len(said) == 1 else _OPEN
    return [warn(_NAME, f"what goes to {', '.join(away)} {lack}", f"{step} (docs/operations.md)")]


def _hosts(url: URL) -> Sequence[str]:
    named = [*([url.host] if url.host else []), *_option(url, "host")]
    return [one.rpartition(":")[0] if one.count(":") == 1 else one for one in named]


def _option(url: URL, name: str) -> list[str]:
    """A URL may name it several times, or several with commas between."""
    found = url.query.get(name, ())
    return [part for one in ((found,) if isinstance(found, str) else found) for part in one.split(",")]


def _is_elsewhere(host: str) -> bool:
    if not host or host.startswith(("/", "@")):  # a socket
        return False
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return "." in host and not host.endswith(".localhost")
