"""`python -m bot clerk`: accounts of the desk from a terminal, such as the first one."""

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from argon2 import PasswordHasher

from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.i18n import Words
from bot.opening import open_store
from bot.ports import Clerk, Pass, Store, Taken, UnitOfWork
from bot.ports.audit import Deed, Entry
from tickets.city import City
from tickets.rights import Role
from web.people.guessable import problem_of
from web.people.rules import LOGIN, SHORTEST, Problem, Refused, check
from web.people.telling import News, told

BY = "(terminal)"  # in the audit; no login can be called so
_WRONG: Mapping[Problem, str] = {
    Problem.SHORT: f"A password needs at least {SHORTEST} characters; a few words in a row are easy to keep",
    Problem.LONG: "That password is too long",
    Problem.OWN_NAME: "The login itself is no password",
    Problem.GUESSABLE: "Others would guess that password soon; choose a longer one, for example four words",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An account as it was asked for. `role`: none is admin for the first of all, clerk for others."""

    login: str
    name: str
    language: str
    role: Role | None
    department: str | None
    contacts: bool


async def add(config: Config, wanted: Wanted) -> None:
    """Add it; the password is asked for, or read from a pipe's first line. Raises Unfit or Taken."""
    _fits(config.city, wanted)
    hashed = await _asked(wanted.login, wanted.name, config.city.name)
    async with _opened(config) as store, store.work() as work:
        everybody = await work.clerks.hold()
        if any(one.login == wanted.login for one in everybody):
            raise Taken
        role = wanted.role or (Role.CLERK if everybody else Role.ADMIN)
        made = Clerk(
            login=wanted.login, name=wanted.name, language=wanted.language, password=hashed, role=role,
            department=wanted.department, contacts=wanted.contacts, made_at=SystemClock().now(),
        )  # fmt: skip
        await work.clerks.add(made)
        await _noted(work, Deed.ACCOUNT_ADDED, wanted.login, f"role {role}")
        await work.commit()
    show(f"{wanted.login} can log in at /desk, as {role}")


async def end(config: Config, login: str) -> None:
    """They come in no more. Raises Unfit."""
    await _change(config, login, lambda one: replace(one, ended_at=SystemClock().now(), reach=None), Deed.ACCOUNT_ENDED)
    show(f"{login} can log in no more")


async def password(config: Config, login: str) -> None:
    """Another one; what is open ends. Raises Unfit."""
    hashed = await _asked(login, config.city.name)
    await _change(config, login, lambda one: replace(one, password=hashed), Deed.PASSWORD_CHANGED)
    show(f"{login} has another password, and is logged out everywhere")


async def show_clerks(config: Config) -> None:
    """Who there is, those that ended too."""
    async with _opened(config) as store, store.view() as view:
        everybody = await view.clerks.all()
    for one in everybody:
        may = " ".join(("numbers",) * one.contacts + ("second-factor",) * bool(one.second))
        state = "ended" if one.ended_at else "" if one.password or one.subject else "invited"
        where = one.department or "all"
        show(f"{one.login:20}  {one.role:10}  {where:12}  {one.language}  {one.name:24}  {may}  {state}".rstrip())
    if not everybody:
        show("nobody yet; `python -m bot clerk add LOGIN` adds somebody")


async def _change(config: Config, login: str, change: Callable[[Clerk], Clerk], deed: Deed) -> None:
    async with _opened(config) as store, store.work() as work:
        everybody = {one.login: one for one in await work.clerks.hold()}
        before = everybody.get(login)
        if before is None or before.ended_at:
            raise Unfit(f"Nobody can log in as {login}; `python -m bot clerk list` tells who can")
        after = change(before)
        _checked(before, after, everybody)
        await work.clerks.change(after)
        await work.clerks.end_sessions(login)
        await work.clerks.issue(login, Pass.INVITATION, ())
        await _noted(work, deed, login)
        if deed is Deed.PASSWORD_CHANGED:
            words, now = Words(config.city), SystemClock().now()
            await told(work, after, News.RESET, config.city, words, _channels(config), now)
        await work.commit()


def _channels(config: Config) -> Collection[str]:
    return [channel.name for channel in config.settings.channels]


def _checked(before: Clerk, after: Clerk, everybody: Mapping[str, Clerk]) -> None:
    try:
        check(before, after, everybody.values())
    except Refused:
        raise Unfit(f"{before.login} is the last admin; add another one first") from None


def _fits(city: City, wanted: Wanted) -> None:
    if not LOGIN.fullmatch(wanted.login):
        raise Unfit(
            "A login has letters without accents, digits and . _ - @ + only, at most 64, a letter or digit first"
        )
    if wanted.language not in city.languages:
        raise Unfit(f"{wanted.language} is not among city.languages: {', '.join(city.languages)}")
    codes = [one.code for one in city.departments]
    if wanted.department is not None and wanted.department not in codes:
        raise Unfit(f"{wanted.department} is no department; there are {', '.join(codes)}")


async def _asked(login: str, *names: str) -> str:
    """The hash of what was typed."""
    typed = await asyncio.to_thread(_typed)
    if problem := await problem_of(typed, login, *names):
        raise Unfit(_WRONG[problem])
    return await asyncio.to_thread(PasswordHasher().hash, typed)


def _typed() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


async def _noted(work: UnitOfWork, deed: Deed, login: str, detail: str = "") -> None:
    await work.audit.note(Entry(at=SystemClock().now(), login=BY, deed=deed, subject=login, detail=detail))


@asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[Store]:
    store, _ = await open_store(config, SystemClock())
    try:
        yield store
    finally:
        await store.close()
