"""Mail to citizens: the one that asks whether they want news, and what stands below each.

Nothing in it was written by who gave the address: no program can have words of its own sent to a stranger.
"""

from bot.ports import Render
from channels.message import Outbound
from handlers.say import Say, ServiceName, Wording, say
from handlers.turn import Citizen
from tickets.city import City
from tickets.public import PublicTicket

YES, STOP = "/confirm/", "/mail/stop/"  # of the web, and the token behind each


def question(
    ticket: PublicTicket, citizen: Citizen, city: City, render: Render, language: str, link: str
) -> Outbound:  # fmt: skip
    """Whether they want to be told of a report that came with their address; what it is, as anybody may know it."""
    parts = (
        say(Say.MAIL_ASK, city=city.name, number=ticket.number, service=ServiceName(ticket.service),
            where=_where(ticket, city)),
        say(Say.MAIL_ASK_LINK, url=link),
        say(Say.MAIL_ASK_ELSE),
        say(Say.PRIVACY, url=city.privacy_url, phone=city.office.phone),
    )  # fmt: skip
    return Outbound(
        key=f"claim:{ticket.number}",
        recipient=citizen.contact,
        subject=render(say(Say.MAIL_ASK_SUBJECT, number=ticket.number), language),
        text="\n\n".join(render(one, language) for one in parts),
    )


def foot(city: City, render: Render, language: str, link: str) -> str:
    """Whom to call, for answers are not read, and the link that ends it ("": there is none)."""
    lines = [say(Say.MAIL_FOOT, phone=city.office.phone, hours=Wording(city.office.hours))]
    if link:
        lines.append(say(Say.MAIL_STOP, url=link))
    return "\n".join(render(line, language) for line in lines)


def _where(ticket: PublicTicket, city: City) -> str:
    area = next((area.name for area in city.areas if area.code == ticket.area), "")
    return ", ".join(name for name in (ticket.street, area) if name) or city.name
