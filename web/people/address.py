"""A citizen's address as far as everybody at the desk may know it."""

from channels.message import Contact

_LAST, _LONG = 4, 8  # characters that are shown of an address, if it is at least so long


def shortened(contact: Contact) -> str:
    """Enough to know somebody again, too little to call: `···0142`."""
    return "···" + (contact.address[-_LAST:] if len(contact.address) >= _LONG else "")
