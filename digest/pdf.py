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
_SPREADS = (1.0, 0.75, 0.5, 0.25)  # how far apart the lines are, of what there is room for; the widest is preferred
_FEW = 5  # from which on lists give way too
_NAME = 18  # characters: one line


def pdf(report: Report, drawings: Mapping[str, str], made_at: datetime, voice: Voice) -> bytes:
    """`drawings`: SVG by `Picture.drawn`."""
    written = fitting(report, drawings, voice).compile(format="pdf", timestamp=int(made_at.timestamp()))
    return written if isinstance(written, bytes) else b""


def fitting(report: Report, drawings: Mapping[str, str], voice: Voice) -> Compiler:
    """With as many rows as three pages hold, as wide apart as they let them, ready to be compiled: to PDF, or to PNG
    for who wants to look at it."""
    for rows in _ROWS:
        shown = _shown(report, rows, voice)
        tight = _compiler(shown, drawings, 0.0)
        if _pages(tight) <= PAGES:
            break
    return _spread(shown, drawings, tight)


def _spread(shown: str, drawings: Mapping[str, str], tight: Compiler) -> Compiler:
    """As wide apart as there is room for; above all so that no section goes on upon the next page."""
    best = tight
    for spread in _SPREADS:
        wider = _compiler(shown, drawings, spread)
        if _pages(wider) > PAGES:
            continue
        if not (broken := _broken(wider)):
            return wider
        best = wider if broken < _broken(best) else best
    return best


def _pages(compiler: Compiler) -> int:
    pages: int = json.loads(compiler.query("<pages>", field="value", one=True))
    return pages


def _broken(compiler: Compiler) -> int:
    """How many sections go on upon the next page."""
    edges: list[int] = json.loads(compiler.query("<edges>", field="value"))
    return sum(begin != end for begin, end in zip(edges[::2], edges[1::2], strict=True))


def _shown(report: Report, rows: int, voice: Voice) -> str:
    lists = rows <= _FEW
    sections = tuple(shortened(section, rows, voice, name=_NAME, lists=lists) for section in report.sections)
    return json.dumps(asdict(replace(report, sections=sections)), ensure_ascii=False)


def _compiler(shown: str, drawings: Mapping[str, str], spread: float) -> Compiler:
    import typst

    return typst.Compiler(
        TEMPLATES / "digest.typ",
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"report": shown, "drawings": json.dumps(dict(drawings)), "spread": str(spread)},
    )


def _fonts() -> Path:
    return Path(str(files("matplotlib"))) / "mpl-data" / "fonts" / "ttf"
