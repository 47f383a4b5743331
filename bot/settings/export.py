"""`open: {export: …}` of config.yml: when the open data of each day is written."""

from bot.settings.section import Section

OWN = frozenset({"export"})  # the keys of `open` that are read here
HOUR = 3


def read_export(top: Section) -> int | None:
    """`open: {export: {hour: 3}}`, or `export: false`: the hour of the city's clocks; None: only by hand."""
    section = top.section("open") if top.has("open") else None
    if section is None or not section.has("export"):
        return HOUR
    if section.raw("export") is False:
        section.skip(OWN)
        return None
    export = section.section("export")
    hour: int = export.get("hour", _hour, "an hour from 0 to 23", HOUR, required=False)
    export.done()
    return hour


def _hour(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 23:
        raise ValueError
    return value
