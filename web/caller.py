"""Who asks, as far as tries are counted together, and from which page."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from aiohttp.web import Request

from bot.hooks.target import Network
from web.ports import WEB

_THIS_MACHINE: Final[Sequence[Network]] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
NOBODY: Final = "nobody"


def caller(request: Request) -> str | None:
    """An address. `X-Forwarded-For` is read from its end, where each proxy adds whom it saw, for as long as that was a
    proxy of ours: this machine, or `proxies` of config.yml. What a caller writes into that header stands further left,
    in a line of its own too."""
    web = request.app[WEB]
    seen = _address(request.remote)
    lines = request.headers.getall("X-Forwarded-For", ()) if web.public_url else ()
    hops = [hop.strip() for line in lines for hop in line.split(",")]
    while hops and seen and _is_ours(seen, web.proxies):
        before = _address(hops.pop())
        if before is None:  # nobody that could be counted: then whoever brought it is
            break
        seen = before
    return str(seen) if seen else request.remote


def network(address: str | None) -> str:
    """Who is counted together: an address, of IPv6 the whole /64, which one customer owns; NOBODY where it is none."""
    parsed = _address(address)
    if parsed is None:
        return NOBODY
    return str(ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False))


def from_our_page(request: Request) -> bool:
    """Whether it was posted from here: browsers say where from, and no page can make them lie."""
    if fetched := request.headers.get("Sec-Fetch-Site"):
        return fetched in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(request.app[WEB].public_url).netloc} - {""}
    return origin is None or urlsplit(origin).netloc in ours


def _address(typed: str | None) -> IPv4Address | IPv6Address | None:
    """Without the port that some proxies add; IPv4 as such, though it was written as IPv6."""
    host = (typed or "").partition("]")[0].removeprefix("[")
    try:
        parsed = ip_address(host.partition(":")[0] if host.count(":") == 1 else host)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _is_ours(seen: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(seen in one for one in (*_THIS_MACHINE, *proxies))
