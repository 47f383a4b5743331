"""Where a subscriber may be: rules for the URL that an administrator types and for the addresses that its name leads
to. Both are asked at each delivery, so that a name that changes its mind leads nowhere (OWASP, SSRF prevention).

An URL is `https://host[:port]/path?query`, its host a name or an address in its usual form. Plain http, and addresses
that are not of the public internet, only where `open.allow` of config.yml has the network.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from yarl import URL

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

LONGEST: Final = 2_000  # characters
_PORTS: Final = frozenset({80, 443})
_FREE_PORTS: Final = 1024  # from here on no machine keeps what speaks to those who trust its neighbours
# Beside what `is_global` knows: ways to write or to reach an IPv4 address by an IPv6 one, and relays of them.
_LEADS_ELSEWHERE: Final[tuple[Network, ...]] = tuple(map(ip_network, (
    "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
    "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10", "192.88.99.0/24", "192.31.196.0/24",
    "192.52.193.0/24", "192.175.48.0/24",
)))  # fmt: skip
_PLAIN: Final = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+")  # no blank, `\`, quotes or non-ASCII
_NAME: Final = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_SINGLE: Final = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")  # such as `localhost`: only where it is allowed


class Trouble(StrEnum):
    """Why an URL, or what stands behind it, cannot be told anything. Codes: they stand in the desk and in metrics."""

    URL = "url"  # no address that a subscriber can have
    PLAIN = "plain"  # http
    PORT = "port"
    PRIVATE = "private"  # not of the public internet
    NAME = "name"  # leads nowhere
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    REDIRECT = "redirect"
    STATUS = "status"  # an answer, but no 2xx
    GONE = "gone"  # 410


class Refused(Exception):
    """Nothing is sent there; `trouble` says why, and `open.allow` of config.yml may allow a network of the city's."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def target(typed: str) -> URL:
    """The URL as the client that sends reads it, for there must not be two readings. Raises Refused."""
    if len(typed) > LONGEST or not _PLAIN.fullmatch(typed):
        raise Refused(Trouble.URL)
    try:
        url = URL(typed)
        host, port = url.raw_host, url.port
    except (ValueError, IndexError):  # of "https://[::1]@/" yarl makes an IndexError
        raise Refused(Trouble.URL) from None
    if url.scheme not in ("http", "https") or not host or not port or not re.match(r"https?://[^/]", typed, re.I):
        raise Refused(Trouble.URL)
    if url.user is not None or url.password is not None or url.raw_fragment or "#" in typed:
        raise Refused(Trouble.URL)
    if literal(host) is None and not _NAME.fullmatch(host) and not _SINGLE.fullmatch(host):
        raise Refused(Trouble.URL)  # numbers that resolvers take for addresses, among others
    return url


def literal(host: str) -> Address | None:
    """The address that this host is, written in the usual way; None: a name, or one in disguise."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def allowed_by(networks: Sequence[str]) -> tuple[Network, ...]:
    """`open.allow`, which was checked when config.yml was read."""
    return tuple(ip_network(one, strict=False) for one in networks)


def check(url: URL, found: Sequence[Address], allowed: Sequence[Network]) -> None:
    """Whether all addresses that were found for its host may be reached in this way. All must be: of a name with two
    it is not ours to choose the harmless one. Raises Refused."""
    if not found:
        raise Refused(Trouble.NAME)
    if all(any(one in network for network in allowed) for one in found):
        return
    if not all(is_public(one) for one in found):
        raise Refused(Trouble.PRIVATE)
    if url.scheme != "https":
        raise Refused(Trouble.PLAIN)
    if url.port not in _PORTS and (url.port or 0) < _FREE_PORTS:
        raise Refused(Trouble.PORT)


def is_public(one: Address) -> bool:
    """Of the public internet, and of one machine."""
    if isinstance(one, IPv6Address) and one.scope_id is not None:
        return False
    odd = one.is_multicast or one.is_reserved or one.is_unspecified or one.is_loopback or one.is_link_local
    return one.is_global and not odd and not any(one in network for network in _LEADS_ELSEWHERE)
