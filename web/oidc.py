"""To the city's own log-in service and back: /desk/oidc, where `desk.oidc` of config.yml names one.

GET /desk/oidc?next=…             -> 303 to the service, with a cookie that ties what follows to this browser
GET /desk/oidc/back?code=&state=  -> 303 to the desk, or the log-in page with why not
"""

import base64
import binascii
from dataclasses import asdict, dataclass

import msgspec
import structlog
from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.oidc.service import Elsewhere, Errand, NotIn, Why
from bot.ports.audit import Deed
from web import cookies, language, visit
from web.caller import caller
from web.login import DOOR, Problem, door, inside
from web.noting import note
from web.people.arriving import account
from web.ports import WEB
from web.throttle import keys_of

routes = RouteTableDef()

_PATH = "/desk/oidc"
_COOKIE = "vecino_oidc"
_FAR = 1_000  # characters of a way back: browsers keep no large cookies
_LASTS = 600  # seconds for somebody to log in elsewhere
_SOMEBODY = "(elsewhere)"  # in the audit, of who did not come in; no login can be called so
_NAMED = {Why.DENIED, Why.FALSE, Why.NO_ROLE, Why.NO_DEPARTMENT, Why.WEAK, Why.ENDED}  # anybody can cause the others
_STATUS = {Why.AWAY: 503, Why.STRAY: 400}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Under:
    """A log-in under way, as its browser keeps it. `until` is in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    way: str
    until: float


@routes.get(_PATH, allow_head=False)
async def go(request: Request) -> Response:
    """To the service."""
    web, elsewhere = request.app[WEB], _elsewhere(request)
    try:
        address, errand = await elsewhere.begin(_back(request), language.of_page(request))
    except NotIn as wrong:
        return await _refused(request, wrong)
    way, until = inside(request.query.get("next", "")[:_FAR]), web.clock.now().timestamp() + _LASTS
    answer = Response(status=303, headers={"Location": address})
    _keep(request, answer, _Under(**asdict(errand), way=way, until=until))
    return answer


@routes.get(_PATH + "/back", allow_head=False)
async def back(request: Request) -> Response:
    """From it. Whatever the outcome, nobody comes back by this cookie again."""
    web, elsewhere, under = request.app[WEB], _elsewhere(request), _kept(request)
    if under is None:
        return door(request, "", "", Why.STRAY, status=400)
    tried, keys = request.app[DOOR].tried, keys_of("", caller(request))[1:]
    if wait := await tried.take(keys, web.clock.now()):
        return door(request, "", "", Problem.WAIT, status=429, wait=wait)
    try:
        errand = Errand(state=under.state, nonce=under.nonce, verifier=under.verifier)
        person = await elsewhere.finish(errand, dict(request.query), _back(request))
        clerk = await account(request, person, elsewhere.service)
    except NotIn as wrong:
        if wrong.why is Why.AWAY:  # no fault of who waits for it
            await tried.forget(keys, web.clock.now())
        return _forget(request, await _refused(request, wrong))
    await tried.forget(keys, web.clock.now())
    answer = await visit.begin(request, clerk, inside(under.way), "elsewhere", hint=person.hint)
    return _forget(request, answer)


async def _refused(request: Request, wrong: NotIn) -> Response:
    if wrong.why is Why.AWAY:
        log.warning("log_in_service_away", reason=wrong.detail)
    if wrong.why in _NAMED:
        await note(request, _SOMEBODY, Deed.LOG_IN_FAILED, detail=f"{wrong.why} {wrong.detail}".strip())
    return door(request, "", "", wrong.why, status=_STATUS.get(wrong.why, 403))


def _elsewhere(request: Request) -> Elsewhere:
    elsewhere = request.app[WEB].elsewhere
    if elsewhere is None:
        raise HTTPNotFound
    return elsewhere


def _back(request: Request) -> str:
    """Exactly what is registered at the service, however this page was reached."""
    return f"{request.app[WEB].public_url}{_PATH}/back"


def _keep(request: Request, answer: Response, under: _Under) -> None:
    """Lax: it has to come along when the service sends its browser back."""
    value = base64.urlsafe_b64encode(msgspec.json.encode(under)).decode()
    cookies.keep(request, answer, _COOKIE, value, seconds=_LASTS)


def _kept(request: Request) -> _Under | None:
    try:
        under = msgspec.json.decode(base64.urlsafe_b64decode(cookies.get(request, _COOKIE)), type=_Under)
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError):
        return None
    return under if request.app[WEB].clock.now().timestamp() < under.until else None


def _forget(request: Request, answer: Response) -> Response:
    cookies.forget(request, answer, _COOKIE)
    return answer
