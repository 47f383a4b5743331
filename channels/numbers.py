"""Channels that reach the same phone by its number: what a person says about being written to holds for both."""

from dataclasses import replace

from channels.message import Contact

_SMS = frozenset({"sms", "simulated_sms"})
_OTHER = {"sms": "whatsapp", "simulated_sms": "simulated_whatsapp"}
_OTHER |= {other: channel for channel, other in _OTHER.items()}


def other(contact: Contact) -> Contact | None:
    """The same number on WhatsApp for one on SMS, and the other way round; None where addresses are no numbers."""
    channel = _OTHER.get(contact.channel)
    return replace(contact, channel=channel) if channel else None


def is_sms(contact: Contact) -> bool:
    """Whether messages to this contact cost by the segment."""
    return contact.channel in _SMS
