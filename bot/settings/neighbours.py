"""Who is responsible beyond the city's areas: `neighbours` and `outside` of config.yml, both optional."""

from pathlib import Path

from bot.settings.geojson import rings
from bot.settings.questions import body_of
from bot.settings.section import Section
from tickets.city import Body, Neighbour


def read_neighbours(top: Section, folder: Path, languages: tuple[str, ...]) -> tuple[Neighbour, ...]:
    """`neighbours: [{code: costa, names: {en: Costa Clara}, reach: {en: 555 0200}}]`, and for each a feature of that
    code in `neighbour_areas`, GeoJSON as `areas`."""
    if not top.has("neighbours"):
        if top.has("neighbour_areas"):
            top.wrong("neighbour_areas", "has areas of nobody; add `neighbours`, or remove it")
        top.skip(frozenset({"neighbour_areas"}))
        return ()
    drawn = rings(top, "neighbour_areas", folder)
    found = []
    for section in top.sections("neighbours"):
        code = section.text("code")
        if code and code not in drawn:
            section.wrong("code", f"{code} has no area; add a feature of that code to `neighbour_areas`")
        body = body_of(section, languages)
        found += [Neighbour(body=body, ring=ring) for ring in drawn.get(code, ())]
    return tuple(found)


def read_outside(top: Section, languages: tuple[str, ...]) -> Body | None:
    """`outside: {names: ..., reach: ...}`: whose a place is that lies in no area of ours and of no neighbour."""
    return body_of(top.section("outside"), languages) if top.has("outside") else None
