"""`desk.oidc` of config.yml: the city's own log-in service, for clerks who have an account there."""

from collections.abc import Callable, Collection, Mapping

from bot.oidc.service import Lot, Service, safe
from bot.settings.section import Problem, Section, some_text, some_texts
from tickets.rights import Role

SECRET = "VECINO_OIDC_SECRET"  # noqa: S105 - the name of an environment variable
_ISSUER = "the https address of the issuer, exactly as the service writes it (http on this machine only)"
_SCOPES = ("openid", "profile", "email")


def read_oidc(
    top: Section, environment: Mapping[str, str], public_url: str, departments: Collection[str]
) -> Service | None:  # fmt: skip
    """`desk: {oidc: {issuer: …, client_id: …, roles: {claim: groups, values: {it-desk: admin}}}}`; None where it is
    left out."""
    if not top.has("oidc"):
        return None
    section = top.section("oidc")
    service = Service(
        issuer=section.get("issuer", _issuer, _ISSUER, ""),
        client_id=section.get("client_id", some_text, "the name under which the service knows us", ""),
        secret=_secret(section, environment),
        name=section.get("name", some_text, "what clerks call the service", "", required=False),
        scopes=section.get("scopes", _scopes, "a list of scopes with openid in it", _SCOPES, required=False),
        roles=_lot(section, "roles", tuple(Role)) or Lot(claim="", values=()),
        departments=_lot(section, "departments", departments) if section.has("departments") else None,
        acr=_list(section, "acr"),
        amr=_list(section, "amr"),
        adopt=section.get("adopt", _flag, "true or false", default=False, required=False),
        only=section.get("only", _flag, "true or false", default=False, required=False),
    )
    if not safe(public_url):
        section.wrong("issuer", "needs public_url with https above: the service sends clerks back to it")
    section.done()
    return service


def _secret(section: Section, environment: Mapping[str, str]) -> str:
    secret = environment.get(SECRET, "")
    if not secret:
        advice = "is not set in the environment; it must hold the client secret of desk.oidc"
        section.problems.append(Problem(key=SECRET, line=section.line, advice=advice))
    return secret


def _lot(section: Section, name: str, known: Collection[str]) -> Lot | None:
    inner = section.section(name)
    claim = inner.get("claim", some_text, "the name of a claim, or its path such as realm_access.roles", "")
    what = f"a list such as {{what it says: {next(iter(known), 'code')}}}; known here: {', '.join(known)}"
    nothing: tuple[tuple[str, str], ...] = ()
    values = inner.get("values", _values(known), what, nothing)
    inner.done()
    return Lot(claim=claim, values=values) if claim and values else None


def _values(known: Collection[str]) -> Callable[[object], tuple[tuple[str, str], ...]]:
    def check(value: object) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, dict) or not value or not set(value.values()) <= set(known):
            raise ValueError
        return tuple((some_text(theirs), str(ours)) for theirs, ours in value.items())

    return check


def _list(section: Section, name: str) -> tuple[str, ...]:
    return section.get(name, some_texts, "a list of values, one of which the log-in must have", (), required=False)


def _scopes(value: object) -> tuple[str, ...]:
    found = some_texts(value)
    if "openid" not in found or any(" " in one for one in found):
        raise ValueError
    return found


def _issuer(value: object) -> str:
    words = some_text(value)
    if not safe(words) or any(sign in words for sign in "?# "):
        raise ValueError
    return words


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value
