"""A digest in every form in which it is read: e-mail, plain text, PDF, tables, a short message. The way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations

from digest.charts import draw
from digest.compose import report
from digest.data import encode
from digest.page import cid, page
from digest.pdf import pdf
from digest.plain import plain
from digest.short import short
from digest.table import table
from digest.voice import Voice
from tickets.city import City
from tickets.figures import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """One digest in one language. `images` are the PNG pictures of `html` by the content id under which it names them
    (`<img src="cid:...">`); `short` has under 700 characters; `subject` is one line."""

    subject: str
    html: str = field(repr=False)
    text: str = field(repr=False)
    pdf: bytes = field(repr=False)
    csv: str = field(repr=False)
    json: str = field(repr=False)
    short: str = field(repr=False)
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def render(digest: Digest, city: City, language: str, translation: NullTranslations) -> Forms:
    """Every form, for readers of `language` (one of the city's); the same digest gives the same bytes. Takes seconds
    and 200 MB: call it in a process of its own, never in a loop that serves."""
    voice = Voice(city=city, language=language, translation=translation)
    told = report(digest, voice)
    drawings = {
        picture.drawn: draw(picture.drawn, digest, voice) for section in told.sections for picture in section.pictures
    }
    return Forms(
        subject=told.subject,
        html=page(told, voice),
        text=plain(told, voice, week=bool(digest.period.week)),
        pdf=pdf(told, {name: drawing.svg for name, drawing in drawings.items()}, digest.made_at, voice),
        csv=table(digest, voice),
        json=encode(digest) + "\n",
        short=short(told, digest, voice),
        images={cid(name): drawing.png for name, drawing in drawings.items()},
    )
