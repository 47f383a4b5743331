"""The second factor: codes of an app (TOTP, RFC 6238: SHA-1, six digits, 30 s), and recovery codes for who lost it.

pyotp and segno are loaded when somebody needs them: most processes never show a picture.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp.web import HTTPSeeOther, Request, Response, RouteTableDef
from markupsafe import Markup

from bot.ports import Clerk, Pass, UnitOfWork
from bot.ports.audit import Deed
from bot.settings.desk import Factor
from tickets.rights import Right
from web.login import DOOR, inside
from web.noting import noted
from web.people.me import PATH as ME
from web.people.me import known, own, shown
from web.people.rules import Problem
from web.people.telling import News, tell
from web.ports import WEB
from web.visit import ASKED, SET_UP, Visit, Way, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

_STEP = 30  # seconds
_CODES, _LENGTH = 10, 10  # recovery codes, and letters of one: 50 bits
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none looks like another
_SECRET = re.compile(r"[A-Z2-7]{32}")


@routes.get(ASKED)
@for_those_who_may(Right.LOOK, Way.KNOWN)
async def ask(request: Request, visit: Visit) -> Response:
    """The question for a code."""
    if visit.clerk.second is None or visit.session.passed_at:
        raise HTTPSeeOther("/desk")
    return _question(request, visit, request.query.get("next", ""))


@routes.post(ASKED)
@forms_for_those_who_may(Right.LOOK, Way.KNOWN)
async def answer(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """A code of the app, or one of the recovery codes; each once."""
    way, door, web = fields.get("next", ""), request.app[DOOR], request.app[WEB]
    keys = (("code", visit.clerk.login),)
    if visit.clerk.second is None or visit.session.passed_at:  # sent twice is once
        raise HTTPSeeOther(inside(way) if visit.clerk.second else "/desk")
    if wait := await door.tried.take(keys, web.clock.now()):
        return _question(request, visit, way, Problem.WAIT, wait)
    how = await _passed(request, visit, visit.clerk, fields.get("code", ""))
    if how is None:
        return _question(request, visit, way, Problem.CODE)
    await door.tried.forget(keys, web.clock.now())
    raise HTTPSeeOther(inside(way))


@routes.get(SET_UP)
@for_those_who_may(Right.LOOK, Way.PASSED)
async def offer(request: Request, visit: Visit) -> Response:
    """A fresh secret as a picture and in letters; nothing is kept before its first code comes."""
    if visit.clerk.second is not None:
        raise HTTPSeeOther(ME)
    from pyotp import random_base32

    return _offer(request, visit, random_base32())


@routes.post(SET_UP)
@forms_for_those_who_may(Right.LOOK, Way.PASSED)
async def set_up(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Keep it: their app showed the right code. The recovery codes are shown this once."""
    secret, web = fields.get("secret", ""), request.app[WEB]
    if visit.clerk.second is not None or not _SECRET.fullmatch(secret):
        raise HTTPSeeOther(ME)
    step = _step(secret, fields.get("code", ""), web.clock.now().timestamp())
    if step is None:
        return _offer(request, visit, secret, Problem.CODE)
    codes = fresh_codes()
    async with web.store.work() as work:
        mine = await own(work, visit)
        if mine.second is not None:  # another window was quicker
            raise HTTPSeeOther(ME)
        await work.clerks.change(replace(mine, second=secret))
        await work.clerks.take_code(mine.login, step)
        await work.clerks.passed(visit.session.token, web.clock.now())
        await work.clerks.end_sessions(mine.login, visit.session.token)
        await work.clerks.issue(mine.login, Pass.RECOVERY, [_bound(mine.login, code) for code in codes])
        await noted(request, work, mine.login, Deed.SECOND_FACTOR_SET, mine.login)
        await tell(request, work, mine, News.FACTOR)
        await work.commit()
    return visit.page(request, "people/codes.html", codes=codes, here=ME)


@routes.post(SET_UP + "/codes")
@forms_for_those_who_may(Right.LOOK)
async def codes(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """New recovery codes in place of the old ones, by who knows the password."""
    if visit.clerk.second is None:
        raise HTTPSeeOther(ME)
    if problem := await known(request, visit, fields.get("old", "")):
        return await shown(request, visit, problem, "codes")
    fresh, login = fresh_codes(), visit.clerk.login
    async with request.app[WEB].store.work() as work:
        mine = await own(work, visit)
        await work.clerks.issue(login, Pass.RECOVERY, [_bound(login, code) for code in fresh])
        await tell(request, work, mine, News.CODES)
        await noted(request, work, login, Deed.SECOND_FACTOR_SET, login, "recovery codes")
        await work.commit()
    return visit.page(request, "people/codes.html", codes=fresh, here=ME)


@routes.post(SET_UP + "/remove")
@forms_for_those_who_may(Right.LOOK)
async def remove(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Without it from now on, by who knows the password; where it is required, another one is set up next."""
    if problem := await known(request, visit, fields.get("old", "")):
        return await shown(request, visit, problem, "remove")
    async with request.app[WEB].store.work() as work:
        mine = await own(work, visit)
        if mine.second is not None:
            await work.clerks.change(replace(mine, second=None))
            await work.clerks.issue(mine.login, Pass.RECOVERY, ())
            await noted(request, work, mine.login, Deed.SECOND_FACTOR_REMOVED, mine.login)
            await tell(request, work, mine, News.NO_FACTOR)
        await work.commit()
    raise HTTPSeeOther(ME)


def fresh_codes() -> Sequence[str]:
    """As they are written down: `ABCDE-FGHJK`."""
    drawn = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_CODES)]
    return [f"{one[:5]}-{one[5:]}" for one in drawn]


async def _passed(request: Request, visit: Visit, clerk: Clerk, typed: str) -> str | None:
    """Let the session through, where the code is right; how."""
    web, now = request.app[WEB], request.app[WEB].clock.now()
    step = _step(clerk.second or "", typed, now.timestamp())
    async with web.store.work() as work:
        if step is not None:
            how = "" if await work.clerks.take_code(clerk.login, step) else None
        else:
            how = "recovery code" if await work.clerks.use(Pass.RECOVERY, _bound(clerk.login, typed), now) else None
        if how is None:
            await _refused(request, work, clerk, step)
            await work.commit()
            return None
        await work.clerks.passed(visit.session.token, now)
        await noted(request, work, clerk.login, Deed.LOGGED_IN, detail=how)
        await work.commit()
    return how


async def _refused(request: Request, work: UnitOfWork, clerk: Clerk, step: int | None) -> None:
    """Written down; and where the code was right and had been used already, its owner is told, once of each."""
    again = step is not None
    await noted(request, work, clerk.login, Deed.LOG_IN_FAILED, detail="code used again" if again else "second factor")
    if again:
        await tell(request, work, clerk, News.CODE_AGAIN, str(step))


def _step(secret: str, typed: str, now: float) -> int | None:
    """The time step whose code this is: the one that runs, the one before or the one after."""
    from pyotp import TOTP

    code, running = "".join(typed.split()), int(now) // _STEP
    if not re.fullmatch("[0-9]{6}", code) or not secret:
        return None
    app = TOTP(secret, interval=_STEP)
    near = (running - 1, running, running + 1)
    return max((step for step in near if secrets.compare_digest(app.generate_otp(step), code)), default=None)


def _bound(login: str, code: str) -> str:
    """A recovery code as it is kept: it opens nothing but its clerk's own account, however it is typed."""
    return f"{login} {re.sub('[^A-Z0-9]', '', code.upper())}"


def _question(
    request: Request, visit: Visit, way: str, problem: Problem | None = None, wait: int = 0
) -> Response:  # fmt: skip
    status = 429 if wait else 422 if problem else 200
    answer = visit.page(
        request, "people/second.html", status=status, next=way, problem=problem, wait=wait, here=ASKED, half=True
    )
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _offer(request: Request, visit: Visit, secret: str, problem: Problem | None = None) -> Response:
    from pyotp import TOTP

    uri = TOTP(secret).provisioning_uri(name=visit.clerk.login, issuer_name=f"Vecino {request.app[WEB].city.name}")
    required = request.app[WEB].admission.asks(visit.clerk.role)
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return visit.page(
        request, "people/set_up.html", status=422 if problem else 200, secret=secret, letters=letters,
        picture=_picture(uri), problem=problem, required=required, here=SET_UP, half=required,
        everybody=request.app[WEB].admission.second is Factor.REQUIRED,
    )  # fmt: skip


def _picture(uri: str) -> Markup:
    """Dark on light in both looks: phones read no other. Without any style, as our policy wants it."""
    import segno

    drawn = segno.make(uri, error="m").svg_inline(scale=5, border=3, light="#ffffff", dark="#000000", omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by segno from squares alone
