"""A ticket as subscribers are told it: in the words of `/open311/v2/`, with all that it can tell."""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.ports import Render
from handlers.say import Working
from tickets.city import City
from tickets.model import Status
from tickets.public import PublicTicket
from web.open311.telling import Teller


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """In the city's first language: nobody asked in another one. `public_url` stands before addresses of photos."""

    render: Render
    translation: Callable[[str], gettext.NullTranslations]
    public_url: str

    def __call__(self, ticket: PublicTicket, city: City) -> Mapping[str, object]:
        language = city.languages[0]
        teller = Teller(
            city=city, language=language, extended=True,
            status_words={status: self.render.value(status, language) for status in Status},
            promised=lambda service: self.render.value(Working(service.target), language),
            gettext=self.translation(language).gettext, url=lambda path: f"{self.public_url}{path}",
        )  # fmt: skip
        return teller.request(ticket)
