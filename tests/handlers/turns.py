"""A turn for tests of one handler."""

from datetime import UTC, datetime

from channels.message import Contact, Inbound
from handlers.turn import Citizen, Dialogue, Turn
from nlu.parse import Parse
from tickets.model import Place

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
CITIZEN = Citizen(id=1, contact=Contact(channel="telegram", address="1"), language="es", welcomed=True)


def turn(
    text: str = "", *, dialogue: Dialogue | None = None, parse: Parse | None = None, place: Place | None = None
) -> Turn:
    """What somebody says, in Spanish."""
    inbound = Inbound(sender=CITIZEN.contact, external_id="1", received_at=NOW, text=text)
    return Turn(
        inbound=inbound, citizen=CITIZEN, language="es", parse=parse, dialogue=dialogue, now=NOW, number="7K3-9QX",
        place=place,
    )  # fmt: skip
