"""Which streets a citizen's words name, and what stands between them: a corner, a block, or one street.

People leave out what everybody knows: "Bolívar y Colón" is a corner though nobody said "avenida" or "carrera". A name
without its type counts where the words beside it help: joined with another, between two others, with a house number.
"""

from collections.abc import Sequence

from nlu.names import Hit, Names

_JOINING = """
    y e con com x and at et esq esquina esquinas coin angle cruce cruza cruzamento corner crossing intersection
    interseccion croisement cruzando a avec en na no au junto por
"""
JOINING = frozenset(_JOINING.split())
BETWEEN = frozenset({"entre", "between", "btw", "btwn", "e/"})
_NUMBERED = frozenset({"numero", "nro", "no", "n", "num", "nr", "number"})


def streets_said(names: Names, said: Sequence[str]) -> tuple[list[Hit], list[Hit]]:
    """The streets named, from left to right: all that may be meant where two meet, and those meant in any case."""
    hits = names.find(said, bare=True)
    sure = [hit for hit in hits if not hit.bare or (_numbered(hit, said) and not _is_number(hit, said))]
    return [hit for place, hit in enumerate(hits) if hit in sure or _joined(place, hits, said)], sure


def _is_number(hit: Hit, said: Sequence[str]) -> bool:
    return all(word.isdigit() for word in said[hit.start : hit.end])


def _joined(place: int, hits: Sequence[Hit], said: Sequence[str]) -> bool:
    """Whether only joining words stand between this name and the one before or behind it: "Colón con Molino"."""
    pairs = [(hits[place - 1], hits[place])] if place else []
    pairs += [(hits[place], hits[place + 1])] if place + 1 < len(hits) else []
    return any(_joins(said[one.end : other.start]) for one, other in pairs)


def _joins(between: Sequence[str]) -> bool:
    return bool(between) and all(word in JOINING or word in BETWEEN for word in between)


def _numbered(hit: Hit, said: Sequence[str]) -> bool:
    """Whether the words are the name with a house number and nothing else: "Colón 123", "123 Colón"."""
    rest = [word for word in (*said[: hit.start], *said[hit.end :]) if word not in _NUMBERED]
    return len(rest) == 1 and rest[0].isdigit()
