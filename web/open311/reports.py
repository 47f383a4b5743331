"""What other programs say of a request, such as a contractor's system: an extension that FixMyStreet's client has.

POST /open311/v2/servicerequestupdates.{xml,json} -> 200, its update_id | 400 | 403 | 404 | 415 | 429 | 503

`api_key`, `service_request_id`, `update_id` (the sender's own name of it: sent again it is written once), `status`,
`description`. The words are for clerks. Only a key that may move moves the request; by others a status is a word to
the clerks as well.
"""

from aiohttp.web import Request, Response, RouteTableDef

from bot.desk.updating import STATUSES, Report
from bot.notices import NoteTooLong, Unknown
from bot.ports import Stale
from bot.ports.keys import Key, Scope
from tickets.model import Status
from tickets.number import read_number
from tickets.workflow import NotAllowed, NoteNeeded
from web.open311 import keys, sent
from web.open311.answers import made
from web.open311.problems import SOON, Refused
from web.open311.reading import Posted, posted
from web.open311.standard import check_jurisdiction
from web.ports import WEB

routes = RouteTableDef()

_NO_REQUEST = "There is no request of this service_request_id."
_NAME = 200  # characters of an update_id


@routes.post("/open311/v2/servicerequestupdates.{form:xml|json}")
async def report(request: Request) -> Response:
    """One update, in the name of the key's owner."""
    form = await posted(request)
    check_jurisdiction(request, form.fields.getall("jurisdiction_id", ()))
    key = await keys.holder(request, form.one("api_key"), Scope.UPDATE)
    try:
        name = await request.app[WEB].acts.updating.say(_read(form, key))
    except Unknown as unknown:
        raise Refused(404, _NO_REQUEST) from unknown
    except NotAllowed as refused:
        raise Refused(400, "status: the request cannot move there from where it stands.") from refused
    except NoteNeeded as refused:
        raise Refused(400, "description: a request is closed without work only with the reason.") from refused
    except NoteTooLong as refused:
        raise Refused(400, "description: is longer than a message to its citizen may be.") from refused
    except Stale as stale:
        raise Refused(503, headers={"Retry-After": SOON}) from stale
    return made(request, "service_request_updates", [{"update_id": name}])


def _read(form: Posted, key: Key) -> Report:
    number = read_number(form.one("service_request_id")[:40])
    if number is None:
        raise Refused(404, _NO_REQUEST)
    text, said = sent.description(form), form.one("status").lower().replace(" ", "_")
    status = _status(said)
    if not text and status is None:
        raise Refused(400, "description, or status: are missing.")
    named = form.one("update_id")
    if len(named) > _NAME:
        raise Refused(400, f"update_id: at most {_NAME} characters.")
    moves = Scope.MOVE in key.scopes
    return Report(
        number=number,
        by=key.name,
        text=text if moves or not said else f"[{said}] {text}".strip(),
        status=status if moves else None,
        opens=said == "open",
        named=named or form.digest(),
    )


def _status(said: str) -> Status | None:
    """Empty: the request stays where it is."""
    if not said:
        return None
    if said not in STATUSES:
        raise Refused(400, f"status: one of {', '.join(STATUSES)}.")
    return STATUSES[said]
