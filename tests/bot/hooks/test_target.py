"""Nothing is sent into a network that is not public, however its address is written."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hooks.sending import Sender
from bot.hooks.target import Address, Refused, Trouble, allowed_by, check, is_public, literal, target

PUBLIC = ip_address("93.184.216.34")


async def leading_nowhere_harmless(host: str) -> list[Address]:
    """A resolver that takes what inet_aton takes for an address, and leads every name inside."""
    return [ip_address("127.0.0.1")]


HOSTILE = (
    # this machine, and everything that is written like it
    "http://127.0.0.1/", "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://0/", "https://0.0.0.0/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/",
    "https://127.0.0.1./", "https://127.000.000.001/", "https://localhost/", "https://localhost./",
    "https://LOCALHOST/", "https://localhost.localdomain/", "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[::ffff:0:127.0.0.1]/",
    "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://ⓛocalhost/",
    # the city's own networks, links, and what clouds tell their machines
    "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/", "https://169.254.169.254/",
    "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[fec0::1]/",
    "https://100.64.0.1/", "https://100.100.100.200/", "https://198.18.0.1/", "https://192.0.2.1/", "https://192.0.0.170/",
    "https://[64:ff9b::a9fe:a9fe]/", "https://[64:ff9b:1::1]/", "https://[2001:db8::1]/", "https://[100::1]/",
    "https://[5f00::1]/", "https://192.88.99.1/",
    # everybody, and nobody
    "https://224.0.0.1/", "https://239.255.255.250/", "https://255.255.255.255/", "https://240.0.0.1/", "https://[ff02::1]/",
    # names that lead inside
    "https://inside.example.org/", "https://169.254.169.254.nip.io/", "https://metadata.google.internal/",
    # other ways to speak, and other readings of one address
    "ftp://example.org/", "file:///etc/passwd", "gopher://example.org:70/_x", "javascript:alert(1)", "//example.org/",
    "https:example.org", "https:///example.org", "https://", "example.org", "", "https://user@example.org/",
    "https://user:word@example.org/", "https://example.org@127.0.0.1/", "https://127.0.0.1#@example.org/",
    "https://example.org\\@127.0.0.1/", "https://example.org/#here", "https://exa mple.org/", "https://example.org/\r\nX: y",
    "https://example.org:99999/", "https://example.org:0/", "https://example.org:x/", "https://-.org/", "https://a..b/",
    "https://[::1/", "https://[v1.x]/", "https://1.2.3/", "https://0x/", "https://example.0x1/", "https://127.0.0.1%00.org/",
    "https://" + "a" * 64 + ".org/", "https://example.org/" + "a" * 2_000,
)  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
async def test_nothing_hostile_is_ever_asked(url: str) -> None:
    sender = Sender(lambda: (), leading_nowhere_harmless)
    with pytest.raises(Refused):
        await sender.checked(url)
    assert (await sender(url, b"{}", {})).trouble is not None


@pytest.mark.parametrize("url", [
    "https://example.org/hook", "https://example.org:8443/a?b=c", "https://hooks.city.example", "https://xn--bcher-kva.example/",
    "https://93.184.216.34/", "https://[2606:2800:220:1:248:1893:25c8:1946]/", "HTTPS://EXAMPLE.ORG/",
])  # fmt: skip
async def test_what_is_public_is_reached(url: str) -> None:
    async def outside(_: str) -> list[Address]:
        return [PUBLIC]

    await Sender(lambda: (), outside).checked(url)


@pytest.mark.parametrize(("found", "trouble"), [
    ([], Trouble.NAME),
    (["93.184.216.34", "10.0.0.1"], Trouble.PRIVATE),
    (["93.184.216.34", "::1"], Trouble.PRIVATE),
    (["fe80::1%eth0"], Trouble.PRIVATE),
])  # fmt: skip
def test_of_a_name_all_addresses_must_be_harmless(found: list[str], trouble: Trouble) -> None:
    with pytest.raises(Refused) as refused:
        check(target("https://example.org/"), [ip_address(one) for one in found], ())
    assert refused.value.trouble is trouble


@pytest.mark.parametrize(("url", "trouble"), [
    ("http://example.org/", Trouble.PLAIN), ("https://example.org:22/", Trouble.PORT), ("https://example.org:25/", Trouble.PORT)
])  # fmt: skip
def test_in_the_open_only_https_to_its_own_ports_is_sent(url: str, trouble: Trouble) -> None:
    with pytest.raises(Refused) as refused:
        check(target(url), [PUBLIC], ())
    assert refused.value.trouble is trouble


def test_a_network_of_the_citys_own_is_allowed_by_its_config_and_nothing_beside_it() -> None:
    allowed = allowed_by(["10.1.0.0/16", "fd00::/8"])
    for url in ("http://erp.city.internal:81/", "http://erp/", "https://10.1.2.3/"):
        check(target(url), [ip_address("10.1.2.3")], allowed)
    for found in ("10.2.0.1", "::ffff:10.1.2.3", "127.0.0.1"):
        with pytest.raises(Refused):
            check(target("http://erp.city.internal/"), [ip_address(found)], allowed)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_no_more_public_when_it_is_written_as_an_ipv6_one(address: Address) -> None:
    for form in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}", f"::ffff:0:{address}"):
        assert not is_public(ip_address(form))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_url_or_refused(typed: str) -> None:
    for one in (typed, f"https://{typed}", f"https://{typed}/"):
        try:
            url = target(one)
        except Refused:
            continue
        assert url.scheme in ("http", "https")
        assert url.host
        assert url.user is None


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_no_name(number: int) -> None:
    for form in (str(number), hex(number), f"0{number:o}", f"{number >> 24}.{number & 0xFFFFFF}"):
        with pytest.raises(Refused):
            target(f"https://{form}/")
    assert literal(str(ip_address(number))) is not None
