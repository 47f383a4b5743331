"""The terminal, for `python -m bot chat`: what we say is printed, what is typed is a message."""

from collections.abc import Sequence
from datetime import datetime
from typing import TextIO
from uuid import uuid4

from channels import Forged, Traits
from channels.message import Contact, Inbound, Outbound, Receipt, Webhook
from channels.words import clean, numbered


class Console:
    """One person at one terminal; each start is a new conversation. `language` is the hint a phone would give."""

    name = "console"
    traits = Traits(buttons=0, text_limit=4096)

    def __init__(self, out: TextIO, language: str | None = None) -> None:
        self._out, self._language = out, language
        self._person = Contact(channel=self.name, address=uuid4().hex)

    def feed(self, line: str, now: datetime) -> Inbound:
        """One typed line as a message; a leading slash is cut, for to Rasa it is an order."""
        return Inbound(
            sender=self._person,
            external_id=uuid4().hex,
            received_at=now,
            text=clean(line).lstrip("/ "),
            language_hint=self._language,
        )

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """Nothing comes to a terminal by webhook: raises Forged."""
        raise Forged(webhook.url)

    async def send(self, outbound: Outbound) -> str:
        """Print it; the id is our own key."""
        files = [f"[{file.name}]" for file in outbound.attachments]
        print("\n".join([numbered(outbound.text, outbound.choices), *files]), file=self._out, flush=True)
        return outbound.key

    async def close(self) -> None:
        self._out.flush()
