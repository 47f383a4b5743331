"""References by rule, where the chain saw none: "folio 8093", "protocolo nº 33871", "#4821".

Training has few plain numbers as references, because a plain number is mostly a house; the word before it decides.
"""

import re
from collections.abc import Sequence

from .words import Span

_NAMED = re.compile(
    r"\b(?:folio|ticket|reporte|reclamo|expediente|tr[aá]mite|caso|protocolo|prot|processo|chamado|ocorr[eê]ncia"
    r"|dossier|dosier|signalement|demande|complaint|request|req|report|case|ref|re)\b"
    r"\s*(?:n[uú]m(?:ero)?|num(?:be)?r|n[oº°]|nro)?[\s.:#-]*((?:[A-Z]{1,5}[-/]?)?\d[\w/-]{2,})",
    re.IGNORECASE,
)
_HASHED = re.compile(r"#(\d[\w-]{2,})")


def tidy(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with a reference by rule where none was found, and without a `#` before one."""
    bare = [_bare(text, span) if span.entity == "ticket" else span for span in spans]
    if any(span.entity == "ticket" for span in bare):
        return bare
    match = _NAMED.search(text) or _HASHED.search(text)
    if not match or any(span.start < match.end(1) and match.start(1) < span.end for span in bare):
        return bare
    return sorted([*bare, Span(match.start(1), match.end(1), "ticket")], key=lambda span: span.start)


def _bare(text: str, span: Span) -> Span:
    said = text[span.start : span.end]
    return Span(span.end - len(said.lstrip("# ")), span.end, span.entity)
