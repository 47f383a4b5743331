"""What goes wrong, as the standard's error document: a code, which is the HTTP status, and a sentence for who writes
the other program. Never a trace, never a citizen's word.

<errors><error><code>404</code><description>...</description></error></errors>
[{"code": 404, "description": "..."}]
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp.web import Request, Response

from web.open311.forms import CONTENT, Form, Value, written

SOON = "5"  # seconds, after which a store that was away may be asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a request, or with us."""

    status: int
    description: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """This request gets no answer but its problems; the status is the first one's."""

    def __init__(self, status: int, *descriptions: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        texts = descriptions or (sentence(status),)
        self.problems = tuple(Problem(status=status, description=text, headers=headers or {}) for text in texts)


_SENTENCES = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read.",
    HTTPStatus.FORBIDDEN: "The api_key is missing, or it may not do this.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address. Answers are at addresses that end in .xml or .json.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come to its end in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send a form: application/x-www-form-urlencoded or multipart/form-data.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests. Wait as long as Retry-After says.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong on our side. It has been noted.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service is away for a moment. Try again as Retry-After says.",
}


def sentence(status: int) -> str:
    """What an error says that nothing more is known of."""
    return _SENTENCES.get(HTTPStatus(status), f"{HTTPStatus(status).phrase}.")


def form_of(request: Request) -> Form:
    """In which form this request wants its answer: its address says so, else what it accepts, else XML, which the
    standard demands of everybody."""
    ending = request.path.rpartition(".")[2]
    if ending in (Form.XML, Form.JSON):
        return Form(ending)
    return Form.JSON if "json" in request.headers.get("Accept", "").lower() else Form.XML


def document(request: Request, *problems: Problem) -> Response:
    """The answer that says so."""
    form, first = form_of(request), problems[0]
    told: list[Value] = [{"code": problem.status, "description": problem.description} for problem in problems]
    answer = Response(body=written(form, "errors", told), status=first.status, headers=dict(first.headers))
    answer.headers["Content-Type"] = CONTENT[form]
    answer.headers["Cache-Control"] = "no-store"
    return answer
