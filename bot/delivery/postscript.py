"""What stands below each mail to a citizen: whom to call, and the link that ends it. Made when it is sent, so that no
such link lies in the database."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.letters import STOP, foot
from bot.ports import Clock, Departure, Kind, Render, Store
from channels.mailbox import is_mail
from channels.message import Outbound
from tickets.city import Cities

LINKS: Final = timedelta(days=400)  # for so long the link works
CITIZENS: Final = frozenset({Kind.REPLY, Kind.NOTICE})  # other mail goes to the staff, or to a body beyond the city


@dataclass(frozen=True, slots=True, kw_only=True)
class Postscript:
    """`public_url`: where the web is reached, empty: nowhere."""

    store: Store
    clock: Clock
    render: Render
    city: Cities
    public_url: str

    async def below(self, departure: Departure) -> Outbound:
        """The message as it goes. Raises StoreUnavailable."""
        outbound = departure.outbound
        if departure.kind not in CITIZENS or not is_mail(outbound.recipient):
            return outbound
        city = self.city.now
        async with self.store.view() as view:
            citizen = await view.citizens.get(departure.citizen)
            token = view.silenced.token(outbound.recipient, self.clock.now() + LINKS)
        language = (citizen.language if citizen else None) or city.languages[0]
        link = f"{self.public_url}{STOP}{token}?language={language}" if self.public_url else ""
        text = f"{outbound.text.rstrip()}\n\n{foot(city, self.render, language, link)}"
        return replace(outbound, text=text, unsubscribe=link)
