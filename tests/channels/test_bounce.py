"""Mail that came back: what reports of mail servers say, and addresses that nobody can make up."""

import random
from contextlib import suppress
from email.headerregistry import Address
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.bounce import MOST, Failed, NoReport, read
from channels.reason import Reason
from channels.return_path import ReturnPath, keys
from tests.channels.bounces import FORMS, OLD, POSTFIX, report

ANA, BACK = "ana@city.example", "vecino+b-x@city.example"
MAIL = "9f86d081884c7d659a2feaa0c55ad015@city.example"
AT = Address(addr_spec="vecino@city.example")
OURS = ReturnPath(AT, keys("k" * 32))


@pytest.mark.parametrize("form", FORMS)
def test_whom_it_did_not_reach_and_why(form: str) -> None:
    found = read(report(BACK, ANA, form))
    assert BACK in found.addressed
    assert found.failed == [Failed(address=ANA, reason=Reason.NOT_FOUND)]
    assert ANA not in repr(found)


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        ("5.1.1", "550 5.1.1 unknown", Reason.NOT_FOUND),
        ("5.1.1", "", Reason.NOT_FOUND),
        ("5.0.0", "550 user unknown", Reason.NOT_FOUND),  # their server told no more than the code
        ("5.0.0", "", Reason.REFUSED),
        ("5.2.1", "550 5.2.1 switched off", Reason.GONE),
        ("5.2.2", "552 5.2.2 full", Reason.UNREACHABLE),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", Reason.NOT_FOUND),
        ("5.7.1", "550 5.7.1 looks like spam", Reason.FILTERED),
        ("5.7.1", "554 5.7.1 relay access denied", Reason.UNAUTHORIZED),
        ("5.7.26", "550 5.7.26 no SPF", Reason.FILTERED),
        ("4.4.1", "550 5.1.1 unknown", ""),
        ("4.2.2", "452 4.2.2 full", ""),
    ],
)
def test_the_reason_is_what_the_same_words_mean_at_sending(status: str, said: str, reason: str) -> None:
    assert [one.reason for one in read(report(BACK, ANA, status=status, said=said)).failed] == [reason]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_late_or_arrived_has_not_failed(action: str) -> None:
    assert read(report(BACK, ANA, action=action)).failed == []


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\xff" * 500, b"Subject: out of office\r\n\r\nI am away", POSTFIX.encode()[:400],
        b"Content-Type: multipart/report\r\n\r\nno parts",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + report(BACK, ANA),
        b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; ana@city.example\r\n",
    ],
)  # fmt: skip
def test_what_is_no_report_says_nothing(content: bytes) -> None:
    with pytest.raises(NoReport):
        read(content)


def _nested(depth: int) -> bytes:
    begin = b"".join(b"Content-Type: multipart/report; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return begin + b"Content-Type: text/plain\r\n\r\n" + b"--b1\r\n" * 10_000


@pytest.mark.parametrize(
    "content",
    [
        _nested(19), _nested(5000), b"To: " + b"(" * MOST, b"A: b\r\n" * 50_000, report(BACK, ANA) + b"x" * 5_000_000,
        report(BACK, ANA).replace(b"Action:", b"Final-Recipient: rfc822; b@c.example\r\n\r\nAction:", 1) * 300,
        report(BACK, "a" * 200_000), report(BACK, ANA, said="550 " + "5.1.1 " * 40_000),
        report("+b-" * 80_000, ANA), b"Content-Type: multipart/report; boundary=\"" + b"\\" * 200_000 + b"\"\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_made_to_hurt_costs_no_more_than_a_second_or_two(content: bytes) -> None:
    begin = process_time()
    with suppress(NoReport):
        assert len(read(content).failed) <= 50
    assert process_time() - begin < 3


@given(st.randoms(use_true_random=False), st.sampled_from(FORMS))
def test_a_broken_report_says_less_and_never_fails_otherwise(dice: random.Random, form: str) -> None:
    content = bytearray(report(BACK, ANA, form))
    for _ in range(dice.randrange(1, 30)):
        at = dice.randrange(len(content))
        content[at : at + dice.randrange(3)] = bytes(dice.randrange(256) for _ in range(dice.randrange(3)))
    with suppress(NoReport):
        assert len(read(bytes(content)).failed) <= 50


def test_a_mail_comes_back_to_an_address_of_its_own() -> None:
    back = OURS.of(MAIL)
    assert back.endswith("@city.example")
    assert len(back.partition("@")[0]) <= 64
    assert back == back.lower() != OURS.of(MAIL.replace("9", "8"))
    assert list(OURS.message_ids(f"<{back.upper()}>\n{back}", "city.example")) == [MAIL]
    assert "kkk" not in repr(OURS)


def test_an_address_that_was_made_up_is_none() -> None:
    back = OURS.of(MAIL)
    for place in range(back.index("+b-") + 3, back.index("@")):
        forged = back[:place] + ("a" if back[place] != "a" else "b") + back[place + 1 :]
        assert list(OURS.message_ids(forged, "city.example")) == []
    other = ReturnPath(AT, keys("o" * 32))
    assert list(other.message_ids(back, "city.example")) == []
    assert list(OURS.message_ids("+b-" + "1" * 40 + "@city.example", "city.example")) == []


def test_an_older_key_still_reads_what_was_sent_with_it() -> None:
    newer = ReturnPath(AT, keys("n" * 32 + "," + "k" * 32))
    assert list(newer.message_ids(OURS.of(MAIL), "city.example")) == [MAIL]
    assert newer.of(MAIL) != OURS.of(MAIL)


def test_a_report_in_old_letters_is_read_too() -> None:
    assert read(report(OURS.of(MAIL).upper(), ANA.upper(), OLD)).failed == [
        Failed(address=ANA, reason=Reason.NOT_FOUND)
    ]
