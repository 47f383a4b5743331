"""How to report: links and codes that open a chat with its first words written, and the same as a sheet to hang up.

GET /report, /poster -> 200 | 304
"""

import io
from dataclasses import dataclass
from functools import lru_cache, partial
from gettext import NullTranslations
from urllib.parse import quote

from aiohttp.web import Request, Response, RouteTableDef
from markupsafe import Markup

from bot.settings.invite import Invite
from web.ports import WEB
from web.public.leaf import Leaf
from web.public.page import Reader, kept, render

routes = RouteTableDef()
_CODES = 64  # of few ways in few languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`channel` by its name; `link` opens it, `code` is the same as squares; `name`: what is typed by hand."""

    channel: str
    name: str
    link: str
    code: Markup


@routes.get("/report")
async def report(request: Request) -> Response:
    return await kept(request, "/report", partial(_shown, request, "public/report.html"))


@routes.get("/poster")
async def poster(request: Request) -> Response:
    """One sheet of A4."""
    return await kept(request, "/poster", partial(_shown, request, "public/poster.html"))


async def _shown(request: Request, template: str, whose: Reader) -> Leaf:
    web = request.app[WEB]
    found = ways(web.invite, web.translation(whose.language))
    return render(request, template, whose, query={}, ways=found, demo=bool(web.simulators))


def ways(invite: Invite, translation: NullTranslations) -> list[Way]:
    """Those that there are. Telegram takes no first words from a link; its button Start is one."""
    words = quote(translation.gettext(_HELLO))
    found = [
        ("telegram", f"@{invite.telegram}", f"https://t.me/{invite.telegram}?start=page", invite.telegram),
        ("whatsapp", invite.whatsapp, f"https://wa.me/{invite.whatsapp.lstrip('+')}?text={words}", invite.whatsapp),
        # phones differ in how they take the words; this form both kinds understand
        ("sms", invite.sms, f"sms:{invite.sms}?&body={words}", invite.sms),
    ]
    return [Way(channel=one, name=name, link=link, code=code(link)) for one, name, link, there in found if there]


@lru_cache(_CODES)
def code(content: str) -> Markup:
    """A QR code as SVG, for the page to hold."""
    import segno

    drawn = io.BytesIO()
    segno.make(content, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, svgclass="qr", lineclass=None,
        light="#fff", dark="#000",
    )  # fmt: skip
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by segno from squares alone


def _(message: str) -> str:
    """Marks a text for extraction."""
    return message


_HELLO = _("Hello, I would like to report a problem.")
