"""The account of who comes from the city's own log-in service: found, taken over, or made."""

import re
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from aiohttp.web import Request

from bot.oidc.service import NotIn, Person, Service, Why
from bot.ports import Clerk, Taken, UnitOfWork
from bot.ports.audit import Deed
from web import language
from web.noting import noted
from web.people.rules import LOGIN, NAME, told
from web.ports import WEB

_FORBIDDEN = re.compile(r"[^A-Za-z0-9._@+-]+")
_LONGEST = 56  # characters, so that a number fits behind them
_AGAIN = 3  # times, when somebody else takes the login meanwhile


async def account(request: Request, person: Person, service: Service) -> Clerk:
    """Theirs, brought to what the service says of them now. Raises NotIn where it was ended at the desk."""
    for _ in range(_AGAIN):
        with suppress(Taken):
            return await _found_or_made(request, person, service)
    raise NotIn(Why.AWAY, "no login is free")


async def _found_or_made(request: Request, person: Person, service: Service) -> Clerk:
    """Raises Taken where somebody else was quicker."""
    async with request.app[WEB].store.work() as work:
        everybody = await work.clerks.hold()
        known = _known(everybody, person, service)
        if known:
            clerk = await _updated(request, work, known, person, service)
        else:
            clerk = await _made(request, work, everybody, person)
        await work.commit()
    return clerk


def _known(everybody: Collection[Clerk], person: Person, service: Service) -> Clerk | None:
    """By their subject; or, where the city wants that, by their login, unless that account is somebody's already."""
    same = next((one for one in everybody if one.subject == person.subject), None)
    if same is None and service.adopt and person.username:
        same = next((one for one in everybody if one.login == person.username and one.subject is None), None)
    if same and same.ended_at:
        raise NotIn(Why.ENDED, same.login)
    return same


async def _updated(
    request: Request, work: UnitOfWork, before: Clerk, person: Person, service: Service
) -> Clerk:  # fmt: skip
    department = person.department if service.departments else before.department
    after = replace(before, subject=person.subject, role=person.role, department=department)
    if after != before:
        await work.clerks.change(after)
        what = told(before, after) or "known at the city's log-in from now on"
        await noted(request, work, after.login, Deed.ACCOUNT_CHANGED, after.login, f"log-in elsewhere: {what}")
    return after


async def _made(request: Request, work: UnitOfWork, everybody: Collection[Clerk], person: Person) -> Clerk:
    web = request.app[WEB]
    login = _free(person.login, {one.login for one in everybody})
    spoken = person.language if person.language in web.city.languages else language.of_page(request)
    clerk = Clerk(
        login=login, name=_name(person.name) or login, language=spoken, password="", role=person.role,
        department=person.department, subject=person.subject, made_at=web.clock.now(),
    )  # fmt: skip
    await work.clerks.add(clerk)
    await noted(request, work, login, Deed.ACCOUNT_ADDED, login, f"log-in elsewhere: role {clerk.role}")
    return clerk


def _free(wanted: str, taken: Collection[str]) -> str:
    """Never an account that somebody has: who is called as they are gets a number."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
    base = _FORBIDDEN.sub("", plain).lstrip("._@+-")[:_LONGEST]
    base = base if LOGIN.fullmatch(base) else "clerk"
    return next(one for n in range(1, len(taken) + 2) if (one := base if n == 1 else f"{base}-{n}") not in taken)


def _name(said: str) -> str:
    return "".join(sign for sign in " ".join(said.split()) if sign.isprintable())[:NAME]
