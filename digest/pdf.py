"""The digest on paper: PDF by typst, whose compiler is in its wheel; letters are those that matplotlib brings.

Nothing is fetched and no font of the machine is used, so that the same digest gives the same bytes anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from digest.page import TEMPLATES
from digest.report import Report, shortened
from digest.voice import Voice

if TYPE_CHECKING:
    from typst import Compiler

PAGES = 3  # at most
_ROWS = (20, 14, 10, 7, 5, 3)  # of one table, tried in turn
_FEW = 5  # from which on lists give way too
_NAME = 22  # characters: one line


def pdf(report: Report, drawings: Mapping[str, str], made_at: datetime, voice: Voice) -> bytes:
    """`drawings`: SVG by `Picture.drawn`."""
    written = fitting(report, drawings, voice).compile(format="pdf", timestamp=int(made_at.timestamp()))
    return written if isinstance(written, bytes) else b""


def fitting(report: Report, drawings: Mapping[str, str], voice: Voice) -> Compiler:
    """With as many rows as three pages hold, ready to be compiled: to PDF, or to PNG for who wants to look at it."""
    for rows in _ROWS:
        compiler = _compiler(_shown(report, rows, voice), drawings)
        if json.loads(compiler.query("<pages>", field="value", one=True)) <= PAGES:
            break
    return compiler


def _shown(report: Report, rows: int, voice: Voice) -> str:
    lists = rows <= _FEW
    sections = tuple(shortened(section, rows, voice, name=_NAME, lists=lists) for section in report.sections)
    return json.dumps(asdict(replace(report, sections=sections)), ensure_ascii=False)


def _compiler(shown: str, drawings: Mapping[str, str]) -> Compiler:
    import typst

    return typst.Compiler(
        TEMPLATES / "digest.typ",
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"report": shown, "drawings": json.dumps(dict(drawings))},
    )


def _fonts() -> Path:
    return Path(str(files("matplotlib"))) / "mpl-data" / "fonts" / "ttf"
