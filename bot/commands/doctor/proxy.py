"""Whether callers behind a proxy are told apart, or all counted as one."""

import ipaddress
from collections.abc import Sequence

from bot.commands.doctor.finding import Finding, warn
from bot.config import Config

_STEP = (
    'write the proxy\'s address, as Vecino sees it, under `proxies` in config.yml (deploy/README.md, "The proxy"); '
    "where it runs on this machine, write `host: 127.0.0.1` instead"
)


def proxy(config: Config) -> Sequence[Finding]:
    """Nothing where it listens to this machine alone: who comes from there is believed."""
    settings = config.settings
    if not settings.public_url or settings.proxies or _is_loopback(settings.host):
        return []
    said = f"listens at {settings.host}, and no proxy is known: all who come through one are counted as one caller"
    return [warn("proxy", said, _STEP)]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
