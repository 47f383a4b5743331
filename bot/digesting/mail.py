"""One subscriber's message: an e-mail with its pictures and files, or the short text for a group."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from bot.digesting.child import Printed
from bot.digesting.due import Due
from bot.digesting.subscriber import Attach, write_scope
from channels.message import Attachment, Outbound

_TYPES = {Attach.PDF: "application/pdf", Attach.CSV: "text/csv", Attach.JSON: "application/json"}
_FOOT = '<p style="margin:24px 0 0;font-size:13px"><a href="{link}" style="color:#555555" class="g">{stop}</a></p>'
_END = "</body>"


def outbound(key: str, one: Due, printed: Printed, attach: Sequence[Attach], link: str) -> Outbound:
    """The message with this key. `link`: where its reader unsubscribes by one POST (RFC 8058), or ""."""
    subscriber = one.subscriber
    if not subscriber.by_email:
        return Outbound(key=key, recipient=subscriber.contact, text=printed.short)
    return Outbound(
        key=key,
        recipient=subscriber.contact,
        subject=printed.subject,
        text=f"{printed.text.rstrip()}\n\n{printed.stop}: {link}\n" if link else printed.text,
        attachments=(*_page(printed, link), *_files(one, printed, attach)),
        unsubscribe=link,
    )


def _page(printed: Printed, link: str) -> Iterator[Attachment]:
    """The page, and each picture as the page names it (channels/_mail_message.py)."""
    page = printed.html
    if link:
        page = _with_foot(page, _FOOT.format(link=escape(link), stop=escape(printed.stop)))
    yield Attachment(name="digest.html", content_type="text/html", content=page.encode())
    for name, picture in printed.images.items():
        yield Attachment(name=f"cid:{name}", content_type="image/png", content=picture)


def _with_foot(page: str, foot: str) -> str:
    body, end, rest = page.rpartition(_END)
    return f"{body}{foot}{end}{rest}" if end else page + foot


def _files(one: Due, printed: Printed, attach: Iterable[Attach]) -> Iterator[Attachment]:
    contents = {Attach.PDF: printed.pdf, Attach.CSV: printed.csv.encode(), Attach.JSON: printed.json.encode()}
    for kind in attach:
        name = file_name(one.period.week, write_scope(one.subscriber.scope), one.subscriber.language, kind)
        yield Attachment(name=name, content_type=_TYPES[kind], content=contents[kind])


def file_name(week: str, scope: str, language: str, ending: str) -> str:
    """`vecino-2026-W47-pt.pdf`, `vecino-2026-W47-department-roads-pt.pdf`."""
    part = "" if scope == "city" else "-" + "".join(c if c.isalnum() or c in "-_" else "-" for c in scope)
    return f"vecino-{week}{part}-{language}.{ending}"
