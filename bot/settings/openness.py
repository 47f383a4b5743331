"""What anybody is told: `open` of config.yml."""

from bot.settings import export
from bot.settings.section import Section, networks, some_text
from tickets.city import Service
from tickets.openness import BY, Licence, Openness, Precision

_FEW = range(2, 51)
_PRECISIONS = ", ".join(Precision)


def read_openness(top: Section, services: tuple[Service, ...]) -> Openness:
    """Each of its keys may be left out, and so may all of it."""
    if not top.has("open"):
        return Openness()
    section, usual = top.section("open"), Openness()
    section.skip(export.OWN)
    openness = Openness(
        jurisdiction=section.text("jurisdiction", "the city's Open311 id such as city.example.org", ""),
        licence=_licence(section),
        publisher=section.text("publisher", "who publishes the data", ""),
        contact=section.text("contact", "an address of e-mail, or a page, for questions about the data", ""),
        precisions=_precisions(section, services),
        few=section.get("few", _few, f"a whole number from {_FEW[0]} to {_FEW[-1]}", usual.few, required=False),
        allow=section.get("allow", networks, "a list of networks such as [10.1.0.0/16]", usual.allow, required=False),
    )
    section.done()
    return openness


def _licence(above: Section) -> Licence:
    if not above.has("licence"):
        return BY
    section = above.section("licence")
    url = section.get("url", _address, "the address of its text, beginning with https://", BY.url)
    licence = Licence(name=section.text("name"), url=url)
    section.done()
    return licence


def _precisions(above: Section, services: tuple[Service, ...]) -> dict[str, Precision]:
    """`places: {noise: area}`: services whose places are told less exactly."""
    if not above.has("places"):
        return {}
    told: dict[str, object] = above.get("places", _mapping, "a mapping such as {noise: area}", {}, required=False)
    known, found = {service.code for service in services}, {}
    for code, precision in told.items():
        if code not in known:
            above.wrong("places", f"{code} is none of `services`; write one of their codes")
        elif str(precision) not in set(Precision):
            above.wrong("places", f"{code}: {precision} is none of {_PRECISIONS}")
        else:
            found[code] = Precision(str(precision))
    return found


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError
    return {str(code): told for code, told in value.items()}


def _address(value: object) -> str:
    if not some_text(value).startswith(("https://", "http://")):
        raise ValueError
    return str(value)


def _few(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _FEW:
        raise ValueError
    return value
