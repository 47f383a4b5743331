"""What claims make of somebody at the desk. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.oidc.service import Lot, NotIn, Person, Service, Why
from tickets.rights import Role

_LONGEST = 255  # characters of a subject (OpenID Connect Core, 2)
Claims = Mapping[str, Any]


def person(service: Service, claims: Claims, hint: str) -> Person:
    """Raises NotIn where no role is theirs, or they came with too few factors."""
    subject = _text(claims, "sub")
    if not subject or len(subject) > _LONGEST or not subject.isprintable():
        raise NotIn(Why.FALSE, "sub")
    if service.acr and _text(claims, "acr") not in service.acr:
        raise NotIn(Why.WEAK, "acr")
    if service.amr and not set(service.amr) & set(values(claims, "amr")):
        raise NotIn(Why.WEAK, "amr")
    role = _first(service.roles, claims)
    if role is None:
        raise NotIn(Why.NO_ROLE, _who(claims))
    return Person(
        subject=f"{service.issuer} {subject}",
        login=_text(claims, "preferred_username") or _text(claims, "email"),
        username=_text(claims, "preferred_username"),
        name=_text(claims, "name"),
        language=_text(claims, "locale").replace("_", "-").partition("-")[0].lower(),
        role=Role(role),
        department=_department(service, Role(role), claims),
        hint=hint,
    )


def missing(service: Service, claims: Claims) -> bool:
    """Whether a claim that decides stands not in these: then the service may tell it when asked."""
    lots = (service.roles, service.departments)
    return any(not values(claims, lot.claim) for lot in lots if lot)


def values(claims: Claims, name: str) -> tuple[str, ...]:
    """Of a claim by its name, or by its path (`realm_access.roles`): each text in it."""
    return tuple(_texts(claims[name] if name in claims else _at(claims, name)))


def _at(claims: Claims, path: str) -> Any:
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        yield from (one for one in found if isinstance(one, str))


def _first(lot: Lot, claims: Claims) -> str | None:
    theirs = set(values(claims, lot.claim))
    return next((ours for value, ours in lot.values if value in theirs), None)


def _department(service: Service, role: Role, claims: Claims) -> str | None:
    """None for who works for all. A clerk of whom no department of ours is told would work for all as well: they come
    not in."""
    found = _first(service.departments, claims) if service.departments else None
    if service.departments and found is None and role is Role.CLERK:
        raise NotIn(Why.NO_DEPARTMENT, _who(claims))
    return found


def _text(claims: Claims, name: str) -> str:
    found = claims.get(name)
    return found.strip() if isinstance(found, str) else ""


def _who(claims: Claims) -> str:
    """For the audit: an admin is going to be asked why they do not come in."""
    return (_text(claims, "preferred_username") or _text(claims, "sub"))[:64]
