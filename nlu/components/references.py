"""References by rule, where the chain saw none: "folio 8093", "protocolo nº 33871", "#4821", and in a message about a
report already made also a number that nothing else explains, or that the chain took for a place.

Training has few plain numbers as references, because a plain number is mostly a house; the words around it decide.
"""

import re
from collections.abc import Iterator, Sequence

from .words import Span

_ABOUT_A_TICKET = frozenset({"check_status", "reopen", "cancel"})
_BESIDE_A_TICKET = _ABOUT_A_TICKET | {"add_comment"}  # here a bare number may be a number plate or a gate's code
_CODE = r"(?:(?:[A-Z]{1,5} )?[A-Za-z]{0,5}[-/]?\d\w*(?:[-/]\w+)*|\d{2,3} \d{3})"
_NAMED = re.compile(
    r"\b(?:folio|ticket|reporte|reclamo|expediente|tr[aá]mite|caso|protocolo|prot|processo|chamado|ocorr[eê]ncia"
    r"|dossier|dosier|signalement|demande|requ[eê]te|complaint|request|req|report|case|ref(?:erence)?|re)\b"
    r"(?:\s+(?:es|era|é|is|was|est))?(?:\s+(?:el|o|le|the))?"
    r"\s*(?:n[uú]m\w*|n[oº°]|nro)?[\s.:#-]*((?:[A-Z]{1,5}[-/]?)?\d[\w/-]{2,})",
    re.IGNORECASE,
)
_HASHED = re.compile(r"#(\d[\w-]{2,})")
_BARE = re.compile(rf"(?<![\w.,:/+@€$£-]){_CODE}(?![\w:/-]|[.,]\d)")
_ONLY_CODE = re.compile(rf"(?i:(?:la|le|el|lo|los|o|a|as|the|au|du|no|nº)\s+)?#?({_CODE})")
_YEAR, _PHONE = re.compile(r"(?:19|20)\d\d"), 9  # digits
_FEW, _SHORT = 3, 4  # digits, and letters with digits, that a reference by rule has at least
_MEASURE = re.compile(
    r"\s*(?:%|€|\$|£|km|m|mts?|metros?|metres?|h|hs|hrs?|horas?|hours?|heures?|d[ií]as?|days?|jours?|years?|a[nñ]os|anos|ans"
    r"|pesos|soles|reais|euros?|francs|fcfa|naira|kg|l|litros?|litres?|am|pm|personas|pessoas|people|personnes)\b",
    re.IGNORECASE,
)


def tidy(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with a reference by rule where the chain found none that can be one, and without a `#` before it."""
    bare = [_bare(text, span) if span.entity == "ticket" else span for span in spans]
    bare = [span for span in bare if span.entity != "ticket" or _can_be_one(text[span.start : span.end])]
    match = _NAMED.search(text) or _HASHED.search(text)
    if not match or _MEASURE.match(text, match.end()) or any(span.entity == "ticket" for span in bare):
        return bare
    free = [span for span in bare if not (match.start() <= span.start and span.end <= match.end())]
    return _with(free, match.span(1))


def explained(text: str, spans: Sequence[Span], intent: str) -> list[Span]:
    """The spans of a message of this intent; where it is about a ticket and none was found, the first number that can
    be its reference: one that was taken for a place, or one that is bare."""
    if intent not in _BESIDE_A_TICKET or any(span.entity == "ticket" for span in spans):
        return list(spans)
    for span in spans:
        code = _ONLY_CODE.fullmatch(text, span.start, span.end)
        if code and span.entity == "location" and _by_rule(code[1]):
            return _with([other for other in spans if other != span], code.span(1))
    bare = _numbers(text) if intent in _ABOUT_A_TICKET else ()
    return next((found for number in bare if len(found := _with(spans, number)) > len(spans)), list(spans))


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _BARE.finditer(text):
        plain = match[0].isdigit() and (_YEAR.fullmatch(match[0]) or len(match[0]) >= _PHONE)
        if _by_rule(match[0]) and not plain and not _MEASURE.match(text, match.end()):
            yield match.span()


def _can_be_one(words: str) -> bool:
    """Own numbers have one digit at least."""
    return any(c.isdigit() for c in words) and sum(c.isalnum() for c in words) >= _SHORT


def _by_rule(words: str) -> bool:
    return _can_be_one(words) and sum(c.isdigit() for c in words) >= _FEW


def _with(spans: Sequence[Span], found: tuple[int, int]) -> list[Span]:
    """The spans and the reference, unless another span is in its way."""
    if any(span.start < found[1] and found[0] < span.end for span in spans):
        return list(spans)
    return sorted([*spans, Span(*found, "ticket")], key=lambda span: span.start)


def _bare(text: str, span: Span) -> Span:
    said = text[span.start : span.end]
    return Span(span.end - len(said.lstrip("# ")), span.end, span.entity)
