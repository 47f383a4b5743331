"""The part of a figure that was clicked on: a department's share of it, one service, one age."""

from collections.abc import Mapping

from aiohttp.web import HTTPNotFound

from digest.places import age_names
from digest.voice import Voice
from tickets.figures import AGES, Cluster, Digest, Figure, Kind, Scope, Slice
from web import days

_CODES = ("service", "channel", "language", "street")
_LONGEST = 200  # characters of one
_AGES = {str(n): n for n in range(len(AGES) + 1)}


def read(query: Mapping[str, str]) -> Slice:
    """The one that an address names. Raises HTTPNotFound for a part or an age that cannot be."""
    part, age = query.get("part", ""), query.get("age", "")
    scope = days.scope_of(part) if part else None
    if (part and scope is None) or (age and age not in _AGES):
        raise HTTPNotFound
    codes = {name: query[name][:_LONGEST] for name in _CODES if query.get(name)}
    return Slice(part=scope, age=_AGES.get(age), **codes)


def query(only: Slice) -> dict[str, str]:
    """How an address names it."""
    named = {name: found for name in _CODES if (found := getattr(only, name))}
    if only.part:
        named["part"] = days.written(only.part)
    return named if only.age is None else {**named, "age": str(only.age)}


def of_cluster(cluster: Cluster) -> dict[str, str] | None:
    """How an address names what was filed there; None where no street is known, for then nothing names the place."""
    if not cluster.street:
        return None
    part = Scope(kind=Kind.AREA, code=cluster.area or "")
    return query(Slice(part=part, service=cluster.service, street=cluster.street))


def words(only: Slice, voice: Voice) -> tuple[str, ...]:
    """What its list says above: the part, the service, the age."""
    told = (
        voice.scope(only.part) if only.part else "",
        voice.service(only.service) if only.service else "",
        voice.channel(only.channel) if only.channel else "",
        voice.tongue(only.language) if only.language else "",
        only.street or "",
        age_names(voice)[only.age] if only.age is not None else "",
    )
    return tuple(one for one in told if one)


def counted(digest: Digest, figure: Figure, only: Slice) -> int | None:
    """The number that was clicked on, of a figure that the digest tells by its parts alone."""
    series = next((one for one in digest.parts if one.scope == only.part), None) if only.part else digest.whole
    return series.now.count(figure) if series else None
