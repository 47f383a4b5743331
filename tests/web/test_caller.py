"""Who is counted as whom, whatever stands in a header that anybody can write."""

from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Application, Request
from multidict import CIMultiDict

from web.caller import NOBODY, caller, network
from web.ports import WEB

CLIENT, FORGED = "203.0.113.9", "198.51.100.7"


def asked(remote: str, *lines: str, proxies: tuple[str, ...] = (), public_url: str = "https://city.example") -> Request:
    app = Application()
    app[WEB] = SimpleNamespace(public_url=public_url, proxies=tuple(map(ip_network, proxies)))  # type: ignore[assignment]
    headers = CIMultiDict([("X-Forwarded-For", line) for line in lines])
    return make_mocked_request("GET", "/", headers=headers, app=app).clone(remote=remote)


@pytest.mark.parametrize(
    ("request_", "who"),
    [
        (asked(CLIENT), CLIENT),
        (asked(CLIENT, FORGED), CLIENT),  # comes by no proxy of ours
        (asked("127.0.0.1", CLIENT), CLIENT),
        (asked("::1", CLIENT), CLIENT),
        (asked("::ffff:127.0.0.1", CLIENT), CLIENT),  # who listens to both kinds sees IPv4 so
        (asked("127.0.0.1", f"{FORGED}, {CLIENT}"), CLIENT),
        (asked("127.0.0.1", FORGED, CLIENT), CLIENT),  # a proxy that adds a line of its own
        (asked("127.0.0.1", f"{CLIENT}:40123"), CLIENT),
        (asked("127.0.0.1", "[2001:db8::7]:443"), "2001:db8::7"),
        (asked("127.0.0.1", "::ffff:203.0.113.9"), CLIENT),
        (asked("127.0.0.1", f"{CLIENT}, unknown"), "127.0.0.1"),
        (asked("127.0.0.1", ""), "127.0.0.1"),
        (asked("127.0.0.1", CLIENT, public_url=""), "127.0.0.1"),
        (asked("10.89.11.4", CLIENT), "10.89.11.4"),
        (asked("10.89.11.4", f"{FORGED}, {CLIENT}", proxies=("10.89.11.0/24",)), CLIENT),
        (asked("127.0.0.1", f"{FORGED}, {CLIENT}, 192.0.2.80", proxies=("192.0.2.80",)), CLIENT),  # a CDN before ours
        (asked("192.0.2.80", "2001:db8::7", proxies=("2001:db8:1::/48", "192.0.2.80/32")), "2001:db8::7"),
    ],
)  # fmt: skip
def test_the_caller_is_whom_the_outermost_proxy_of_ours_saw(request_: Request, who: str) -> None:
    assert caller(request_) == who


@pytest.mark.parametrize(
    ("address", "together"),
    [
        ("192.0.2.7", "192.0.2.7/32"), ("2001:db8::1", "2001:db8::/64"), ("2001:db8::ffff:1", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"), ("fe80::1%eth0", "fe80::/64"), ("junk", NOBODY), ("", NOBODY), (None, NOBODY),
    ],
)  # fmt: skip
def test_of_ipv6_a_customers_network_counts_as_one(address: str | None, together: str) -> None:
    assert network(address) == together
