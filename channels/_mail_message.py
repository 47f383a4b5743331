"""An outbound as an e-mail: text, the page beside it with its pictures, and files. RFC 5322, 2045-2047, 2387, 8058.

    multipart/mixed
      multipart/alternative
        text/plain                      Outbound.text
        multipart/related
          text/html                     the first attachment of type text/html
          image/png, inline             each attachment named `cid:<id>`; the page names it `<img src="cid:<id>">`
      application/pdf, text/csv ...     all others

What is not needed is left out: a text alone is no multipart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, AddressHeader, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from hashlib import sha256

from channels.message import Attachment, Outbound
from channels.words import clean, numbered

INLINE = "cid:"
_HTML = "text/html"
_ID = re.compile(r"[A-Za-z0-9._-]+(@[A-Za-z0-9._-]+)?")
_URL = re.compile(r"https?://[!-;=?-~]+")  # ASCII that can be seen, without < and >
_TYPE = re.compile(r"([A-Za-z0-9.+-]+)/([A-Za-z0-9.+-]+)")
_MULTIPLE = frozenset({"multipart", "message"})  # no file: a mail program would look into it
_NOT_SEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NO_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029/\\:*?"<>|]')
_LONGEST_NAME = 100


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header of ASCII that no mail program reads when it is cut into lines (addresses of pages, ids)."""

    def fold(self, *, policy: Policy) -> str:  # noqa: ARG002 - the library's word
        return f"{self.name}: {self}\r\n"


class _Words(UnstructuredHeader, BaseHeader):
    """A header of words, kept as they are: the library would read encoded words in them."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, object]) -> None:
        super().parse(value, kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:  # noqa: ARG002 - the library's word
        return f"{self.name}: {_encoded(str(self), self.name)}\r\n"


class _Sender(AddressHeader, BaseHeader):  # type: ignore[misc]  # typeshed: one names what the other takes as **kw
    """A header of one address with a name."""

    def fold(self, *, policy: Policy) -> str:  # noqa: ARG002 - the library's word
        [one] = self.addresses
        if one.display_name.isascii() and "=?" not in one.display_name:
            return f"{self.name}: {one}\r\n"
        return f"{self.name}: {_encoded(one.display_name, self.name)} <{one.addr_spec}>\r\n"


def _encoded(words: str, name: str) -> str:
    """In encoded words of at most 75 characters, by the library's older way: in Python 3.11 its newer one loses and
    doubles spaces between them (of 3,000 subjects with letters of all kinds 420 came out wrong)."""
    plain = words.isascii() and "=?" not in words  # that would begin an encoded word
    header = Header(words, "us-ascii" if plain else "utf-8", header_name=name, maxlinelen=76)
    return header.encode(linesep="\r\n")


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    for name in ("message-id", "list-unsubscribe", "content-id"):
        registry.map_to_type(name, _Unfolded)
    registry.map_to_type("subject", _Words)
    registry.map_to_type("from", _Sender)
    return SMTP.clone(header_factory=registry, cte_type="7bit")


_POLICY = _policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands above every mail of a city."""

    sender: Address
    reply_to: str = ""


def message_id(outbound: Outbound, sender: Address) -> str:
    """The same for the same key and recipient, so that a mail program which gets a message twice, after a kill between
    its sending and our note of it, may see that it is one. It tells nothing of either."""
    told = "\0".join([sender.addr_spec, outbound.recipient.address, outbound.key])
    return f"{sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}@{sender.domain}"


def written(outbound: Outbound, head: Letterhead, now: datetime) -> bytes:
    """The mail as it travels: ASCII, no line over 998 characters (78 where that can be), CRLF."""
    mail = EmailMessage(_POLICY)
    for name, value in _headers(outbound, head, now):
        mail[name] = value
    mail.set_content(_text(outbound), cte="quoted-printable")
    page, pictures, files = _sorted(outbound.attachments)
    if page:
        _add_page(mail, page, pictures)
    for number, file in enumerate(files, 1):
        maintype, subtype = _type(file)
        name = _name(file.name, number)
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=name, params=_charset(maintype))
    return mail.as_bytes()


def _headers(outbound: Outbound, head: Letterhead, now: datetime) -> Iterator[tuple[str, object]]:
    yield "From", head.sender
    yield "To", outbound.recipient.address
    if head.reply_to:
        yield "Reply-To", head.reply_to
    yield "Subject", subject(outbound)
    yield "Date", now
    yield "Message-ID", f"<{message_id(outbound, head.sender)}>"
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: no out-of-office notes come back
    if _URL.fullmatch(outbound.unsubscribe):
        yield "List-Unsubscribe", f"<{outbound.unsubscribe}>"
    if _URL.fullmatch(outbound.unsubscribe) and outbound.unsubscribe.startswith("https:"):
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def subject(outbound: Outbound) -> str:
    """In one line; the first line of the text where there is none."""
    first = next((line for line in clean(outbound.text).splitlines() if line.strip()), "")
    return " ".join(_NOT_SEEN.sub(" ", clean(outbound.subject) or first).split())[:200]


def _text(outbound: Outbound) -> str:
    return clean(numbered(outbound.text, outbound.choices)) + "\n"


def _sorted(files: Sequence[Attachment]) -> tuple[Attachment | None, Sequence[Attachment], Sequence[Attachment]]:
    """The page, the pictures in it, and the rest. Without a page, or with a name that no page can hold, a picture is a
    file like others."""
    page = next((file for file in files if _bare_type(file) == _HTML), None)
    inline = [file for file in files if page and _is_inline(file)]
    return page, inline, [file for file in files if file is not page and file not in inline]


def _is_inline(file: Attachment) -> bool:
    kept = file.name.startswith(INLINE) and _ID.fullmatch(file.name.removeprefix(INLINE))
    return bool(kept) and _type(file)[0] == "image"


def _add_page(mail: EmailMessage, page: Attachment, pictures: Sequence[Attachment]) -> None:
    mail.add_alternative(page.content.decode("utf-8", "replace"), subtype="html", cte="quoted-printable")
    shown = mail.get_body(("html",))
    if not pictures or not isinstance(shown, EmailMessage):
        return
    for picture in pictures:
        maintype, subtype = _type(picture)
        cid = picture.name.removeprefix(INLINE)
        shown.add_related(
            picture.content, maintype, subtype, cid=f"<{cid}>", filename=f"{cid}.{subtype}", disposition="inline"
        )
    shown.set_param("type", _HTML)  # RFC 2387 wants it: what is shown, of what belongs together


def _bare_type(file: Attachment) -> str:
    return file.content_type.partition(";")[0].strip().lower()


def _type(file: Attachment) -> tuple[str, str]:
    found = _TYPE.fullmatch(_bare_type(file))
    return (found[1], found[2]) if found and found[1] not in _MULTIPLE else ("application", "octet-stream")


def _charset(maintype: str) -> dict[str, str]:
    return {"charset": "utf-8"} if maintype == "text" else {}


def _name(name: str, number: int) -> str:
    """One that every system can save."""
    plain = _NO_NAME.sub("_", clean(name).removeprefix(INLINE)).strip(" .")
    return plain[-_LONGEST_NAME:] or f"{number}"
