"""What mail servers answer, as tables: reply codes (RFC 5321) and enhanced codes (RFC 3463, 7505), by what was asked.

    550 5.1.1 <ana@city.example>: Recipient address rejected: User unknown     -> not_found: a bad contact
    450 4.2.0 <ana@city.example>: Greylisted, try again later                  -> later
    554 5.7.1 <ana@city.example>: Relay access denied                          -> later: our settings are wrong

Nothing of the words is kept: they hold addresses.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from channels import Rejected, Throttled, Unavailable
from channels.reason import Reason


class Asked(StrEnum):
    """What the server was asked when it refused."""

    CONNECT = "connect"  # greeting, EHLO, STARTTLS
    LOGIN = "login"
    SENDER = "sender"  # MAIL FROM
    RECIPIENT = "recipient"  # RCPT TO
    CONTENT = "content"  # DATA


PAUSE = 60.0  # seconds, after a server has closed its door
_ENHANCED = re.compile(r"\s*[245]\.(\d{1,3}\.\d{1,3})\b")
_NO_RELAY = re.compile(r"relay", re.IGNORECASE)  # these two have many codes, 550 of an unknown mailbox among them
_NO_SENDER = re.compile(r"\bsender\b", re.IGNORECASE)
_BLOCKED = re.compile(r"spam|reputation|black-? ?list|block-? ?list|blocked", re.IGNORECASE)  # we are, and nobody else
_ADDRESS = re.compile(r"\S+@\S+")  # its words are no words of the server's
_LOGIN_WANTED = frozenset({530, 534, 535, 538})

# Whatever goes wrong before the recipient is named is none of their fault.
_OURS: Mapping[Asked, Reason] = {
    Asked.CONNECT: Reason.PROVIDER, Asked.LOGIN: Reason.UNAUTHORIZED, Asked.SENDER: Reason.SENDER
}  # fmt: skip
_WAITS = frozenset({Reason.PROVIDER, Reason.UNAUTHORIZED, Reason.SENDER})  # until a person has set it right

# By the last two numbers of an enhanced code
_ENHANCED_CODES: Mapping[str, Reason] = {
    "1.1": Reason.NOT_FOUND,
    "1.2": Reason.NOT_FOUND,  # no such domain
    "1.3": Reason.NOT_A_NUMBER,
    "1.6": Reason.GONE,  # moved
    "1.7": Reason.SENDER,
    "1.8": Reason.SENDER,
    "1.10": Reason.NOT_FOUND,  # the domain takes no mail at all
    "2.1": Reason.GONE,  # the mailbox is switched off
    "2.2": Reason.UNREACHABLE,  # full
    "2.3": Reason.TOO_LARGE,
    "3.4": Reason.TOO_LARGE,
    "6.1": Reason.ATTACHMENTS,
}
_CODES: Mapping[tuple[Asked, int], Reason] = {
    (Asked.SENDER, 552): Reason.TOO_LARGE,  # by the size that was announced
    (Asked.RECIPIENT, 550): Reason.NOT_FOUND,
    (Asked.RECIPIENT, 551): Reason.NOT_FOUND,
    (Asked.RECIPIENT, 552): Reason.UNREACHABLE,  # full
    (Asked.RECIPIENT, 553): Reason.NOT_A_NUMBER,
    (Asked.RECIPIENT, 556): Reason.NOT_FOUND,
    (Asked.CONTENT, 552): Reason.TOO_LARGE,
    (Asked.CONTENT, 550): Reason.FILTERED,
    (Asked.CONTENT, 554): Reason.FILTERED,
}


def refusal(asked: Asked, code: int, words: str) -> Rejected | Throttled | Unavailable:
    """What a reply that is not "yes" means. What is wrong with our own settings makes nobody's address a bad one."""
    enhanced = found[1] if (found := _ENHANCED.match(words)) else ""
    if code == 421:  # it closes the door, to all
        return Throttled(PAUSE, whole=True)
    if not 500 <= code < 600:
        return Unavailable(_passing(asked))
    reason = _reason(asked, code, enhanced, _ADDRESS.sub(" ", words))
    told = f"{code} 5.{enhanced}" if enhanced else f"{code}"
    return Unavailable(reason) if reason in _WAITS else Rejected(reason, told)


def _passing(asked: Asked) -> Reason:
    """A greylist, a full mailbox or a lock is this recipient's alone: `throttled`, for when that is over nobody else's
    tries are to be hastened (bot/delivery/outage.py)."""
    return Reason.PROVIDER if asked in _OURS else Reason.THROTTLED


def _reason(asked: Asked, code: int, enhanced: str, words: str) -> Reason:
    known = _ENHANCED_CODES.get(enhanced)
    if asked in _OURS:
        return Reason.TOO_LARGE if Reason.TOO_LARGE in {known, _CODES.get((asked, code))} else _OURS[asked]
    if known:
        return known
    if code in _LOGIN_WANTED or _NO_RELAY.search(words):
        return Reason.UNAUTHORIZED
    if _NO_SENDER.search(words):
        return Reason.SENDER
    if enhanced.startswith("7.") or (not enhanced and _BLOCKED.search(words)):
        return Reason.FILTERED
    return _CODES.get((asked, code), Reason.REFUSED)
