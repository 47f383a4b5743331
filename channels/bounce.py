"""Reads what a mail server sends back when it could not deliver: a delivery status notification. RFC 3464, 3462.

    To: vecino+b-ifxg...@city.example                      whose mail it was (return_path.py)
    Content-Type: multipart/report; report-type=delivery-status; boundary="b"
      text/plain                                           for people; not looked at
      message/delivery-status                              one group for the mail, then one for each recipient
        Final-Recipient: rfc822; ana@city.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 <ana@city.example>: unknown user
      message/rfc822 or text/rfc822-headers                what was sent; not looked at

Anybody may write to that mailbox: nothing here is believed but what the address proves, and nothing is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from channels import Rejected, Unavailable
from channels._mail_refusals import Asked, refusal
from channels.reason import Reason

MOST = 256 * 1024  # bytes that are looked at: the report stands before the mail that it sends back
_MOST_RECIPIENTS = 50
_DEEPEST = 20  # parts within parts of an honest report are three
_ADDRESSED = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_MULTIPART = re.compile(rb"^content-type:[ \t]*(\r?\n[ \t]+)?(multipart|message)/", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"\s*([245])\.(\d{1,3}\.\d{1,3})\b")
_SAID = re.compile(r"\s*smtp\s*;\s*([45]\d\d)(?:[ -]|$)(.*)", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"\s*rfc822\s*;\s*<?([!-:=?-~]{1,64}@[!-:=?-~]{1,253})>?", re.IGNORECASE)
_UNSPECIFIC, _UNKNOWN_CODE = "0.0", 554  # says no more than that it failed


class NoReport(Exception):
    """This is no delivery status notification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A recipient that does not get it. `reason`: why, where that is for good; "" while it may pass by itself."""

    address: str = field(repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`addressed`: the headers that say where it came back to. `failed` is empty for a mail that is only late."""

    addressed: str = field(repr=False)
    failed: Sequence[Failed]


def read(content: bytes) -> Report:
    """Of its first MOST bytes. Raises NoReport."""
    content = content[:MOST]
    if len(_MULTIPART.findall(content)) > _DEEPEST:
        raise NoReport
    mail = message_from_bytes(content, policy=compat32)
    part = next(_statuses(mail), None)
    if part is None:
        raise NoReport
    recipients = _parts(part)[1 : 1 + _MOST_RECIPIENTS]
    addressed = "\n".join(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))
    return Report(addressed=addressed, failed=[one for group in recipients for one in _failed(group)])


def _statuses(mail: Message) -> Iterator[Message]:
    """Never those of a mail within: whoever forwards a report reports nothing."""
    if mail.get_content_type() == "multipart/report":
        yield from (part for part in _parts(mail) if part.get_content_type() == "message/delivery-status")


def _parts(mail: Message) -> Sequence[Message]:
    parts = mail.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _failed(group: Message) -> Iterator[Failed]:
    address = _ADDRESS.match(_field(group, "final-recipient"))
    status = _STATUS.match(_field(group, "status"))
    if address and status and _field(group, "action").strip().lower() == "failed":
        said = _SAID.match(_field(group, "diagnostic-code"))
        yield Failed(address=address[1].lower(), reason=_reason(status[1], status[2], said))


def _reason(kind: str, enhanced: str, said: re.Match[str] | None) -> str:
    """As if their server had said it to us."""
    if kind != "5":
        return ""
    code, words = (int(said[1]), said[2]) if said and said[1].startswith("5") else (_UNKNOWN_CODE, "")
    if enhanced != _UNSPECIFIC and not _STATUS.match(words):
        words = f"5.{enhanced} {words}"
    match refusal(Asked.RECIPIENT, code, words):
        case Rejected(reason=reason) | Unavailable(reason=reason):
            return reason
        case _:
            return Reason.REFUSED


def _field(group: Message, name: str) -> str:
    return str(group.get(name, ""))[:1000]
