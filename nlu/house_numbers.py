"""A house number that stands beside a street, in the orders people write it: "8 Mill Road", "12, rue du Moulin",
"Calle Molino 8", "Rua das Flores, nº 12"."""

import re

_NUMBER = r"\d{1,5}(?:[-/]\d{1,4})?(?:\s?(?:bis|ter|[a-dA-D]))?"
_BEFORE = re.compile(rf"(?:(?<=\s)|^)(?:#\s?)?{_NUMBER}\s?,?\s+$")
_BEHIND = re.compile(
    rf"\s?,?\s*(?:(?:n[º°o]?|nro|núm|num|número|numero|no|number|nr)\.?\s*|#\s?)?{_NUMBER}(?!\w)", re.I
)
# A number before a street that counts something else: "a las 8 calle Molino", "hace 3 ...", "since 9".
_COUNTS = re.compile(r"\b(?:las|los|les|às|as|hace|há|ha|faz|since|about|por|desde|depuis|vers|à|a)\s+$", re.I)
# What makes the number behind a street a time, a length or a count: "calle Molino 3 días", "rua 7 2 vezes".
_UNIT = re.compile(
    r"\s*(?:h\b|hs\b|hrs|horas?|hours?|heures?|am\b|pm\b|d[ií]as?|dias?|days?|jours?|semanas?|weeks?|semaines?|mes|m[eê]s|"
    r"mois|months?|a[nñ]os?|anos?|years?|ans\b|m\b|mts?\b|metros?|met(?:re|er)s?|m[eè]tres?|km|veces|vezes|times|fois|"
    r"personas|pessoas|people|gens|casas|postes?|%|:\d)",
    re.I,
)


def with_number(text: str, start: int, end: int) -> str:
    """text[start:end], a place, grown by the house number that stands just before or behind it, if one does."""
    if any(c.isdigit() for c in text[start:end]):
        return text[start:end]
    before = _BEFORE.search(text[:start])
    if before and not _COUNTS.search(text[: before.start()]):
        return text[before.start() : end]
    behind = _BEHIND.match(text[end:])
    if behind and not _UNIT.match(text[end + behind.end() :]):
        return text[start : end + behind.end()]
    return text[start:end]
