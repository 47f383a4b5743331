"""The digest as an HTML e-mail: tables that survive Gmail and Outlook, styles inline, readable without its pictures."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from digest.report import Report, Row, Table, shortened
from digest.voice import Voice

TEMPLATES = Path(__file__).parent / "templates"
_ROWS = (20, 14, 10, 6)  # of one table, tried in turn
_BYTES = 95_000  # Gmail cuts a message at 102 kB
_NAME = 48  # characters


def cid(drawn: str) -> str:
    """The content id (RFC 2392) of a picture."""
    return f"{drawn}@digest.vecino"


def page(report: Report, voice: Voice) -> str:
    """Its pictures are named by `cid`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("digest.html")
    for rows in _ROWS:
        written = _page(template, report, rows, voice)
        if len(written.encode()) < _BYTES:
            break
    return written


def _page(template: Template, report: Report, rows: int, voice: Voice) -> str:
    sections = tuple(shortened(section, rows, voice, name=_NAME) for section in report.sections)
    pictures = {picture.drawn: cid(picture.drawn) for section in sections for picture in section.pictures}
    shown = replace(report, sections=sections)
    return template.render(report=shown, cids=pictures, details=partial(_details, voice)) + "\n"


def _details(voice: Voice, table: Table, row: Row) -> str:
    """All but the first two cells of a row that has too many words for columns."""
    pairs = zip(table.heads[3:], row.cells[2:], strict=True)
    return voice.listed(voice.pair(head, cell.now) for head, cell in pairs)


def standalone(html: str, images: Mapping[str, bytes]) -> str:
    """The same page with its pictures inside: a file that is read alone."""
    for name, png in images.items():
        html = html.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(png).decode()}")
    return html
