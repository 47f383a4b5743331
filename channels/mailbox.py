"""Addresses of e-mail: what may stand in one, and how a sender is written."""

import re
from dataclasses import replace
from email.headerregistry import Address

from channels.message import Contact

CHANNEL = "email"  # on it nobody writes to us, so that nobody takes back what a server once refused

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+{_LABEL}")
_NAMED = re.compile(r'"?([^<>"\x00-\x1f\x7f]*?)"?\s*<([^<>\s]+)>')
_LONGEST, _LONGEST_LOCAL = 254, 64  # RFC 5321, 4.5.3.1
_LONGEST_SENDER = 500


def wrong(address: str) -> str:
    """What to write instead of an address that no mail goes to, as a sentence; "" for one that is right."""
    local, at, domain = address.rpartition("@")
    if not at or not local or len(address) > _LONGEST or len(local) > _LONGEST_LOCAL:
        return "write an address such as ana@city.example"
    if not domain.isascii():
        return "write the part behind the @ in its ASCII form, which begins with xn--"
    if not local.isascii():
        return "letters before the @ must be a to z without marks; most mail servers take no others"
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return "write an address such as ana@city.example, without spaces, quotes or brackets"
    return ""


def is_mail(contact: Contact) -> bool:
    """Whether messages to this contact are mails, which nobody answers."""
    return contact.channel == CHANNEL


def without_tag(contact: Contact) -> Contact:
    """The mailbox behind `ana+anything@city.example`: one person, however many such addresses they are given."""
    local, at, domain = contact.address.rpartition("@")
    return replace(contact, address=f"{local.partition('+')[0] or local}{at}{domain}")


def sender(written: str) -> Address:
    """`Vecino <vecino@city.example>`, or the address alone; raises ValueError with what to write instead."""
    if len(written) > _LONGEST_SENDER:
        raise ValueError(f"write a name and an address of at most {_LONGEST_SENDER} characters together")
    named = _NAMED.fullmatch(written.strip())
    name, address = (named[1].strip(), named[2]) if named else ("", written.strip())
    if advice := wrong(address):
        raise ValueError(advice)
    return Address(display_name=name, addr_spec=address)
