"""All of /open311/ as an OpenAPI 3.1 document, for programs and for who writes them.

GET /open311/v2/openapi.json -> 200
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from aiohttp.web import Request, Response, RouteTableDef

from tickets.city import City
from web.open311 import answers
from web.open311.asking import (
    AFTER,
    AGAIN,
    FORM,
    JURISDICTION,
    LOCALE,
    NUMBERS,
    SEARCH,
    SINCE,
    SIZE,
    UNTIL,
    UPDATE_BODY,
    Parameter,
    report_body,
)
from web.open311.forms import CONTENT, Form
from web.open311.problems import sentence
from web.open311.schemas import SCHEMAS, TEXT, Schema, listed
from web.open311.services import offered
from web.ports import WEB

routes = RouteTableDef()

PATH: Final = "/open311/v2/openapi.json"
VERSION: Final = "2.0.0"  # of the standard
_READ, _SEND = (400, 404, 429, 500, 503), (400, 403, 404, 408, 413, 415, 429, 500, 503)
_HEADERS: Final[Mapping[str, Any]] = {
    "ETag": {"schema": TEXT, "description": "Ask again with If-None-Match: 304 where nothing changed."},
    "Link": {"schema": TEXT, "description": 'rel="next": the next part, where there is one.'},
}


@routes.get(PATH)
async def openapi(request: Request) -> Response:
    """The document of this city."""
    body = document(request.app[WEB].city, answers.address(request, ""))
    return answers.answered(request, msgspec.json.encode(body), CONTENT[Form.JSON])


def document(city: City, url: str) -> Mapping[str, Any]:
    """Of a city that is reached at this address."""
    codes, licence = [service.code for service in offered(city)], city.openness.licence.name
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Open311 of {city.name}",
            "version": VERSION,
            "description": f"GeoReport v2 with extensions. What is read may be used under: {licence}.",
        },
        "servers": [{"url": url}],
        "paths": paths(codes),
        "components": {"schemas": SCHEMAS, "securitySchemes": _SCHEMES},
    }


# The key may stand in the form too, as the standard has it: no scheme of OpenAPI says so.
_SCHEMES: Final = {
    "header": {"type": "apiKey", "in": "header", "name": "Api-Key"},
    "address": {"type": "apiKey", "in": "query", "name": "api_key"},
}


def _named(name: str, description: str) -> Parameter:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1},
            "description": description}  # fmt: skip


def _both(schema: Schema) -> Mapping[str, Any]:
    """An answer's two forms."""
    return {"application/json": {"schema": schema}, "text/xml": {"schema": TEXT}}


def _wrong(statuses: Sequence[int]) -> Mapping[str, Any]:
    errors = listed("errors", "Error")
    return {str(status): {"description": sentence(status), "content": _both(errors)} for status in statuses}


def _get(name: str, summary: str, schema: Schema, *parameters: Parameter, paths: Sequence[Parameter] = ()) -> Any:
    found = {"description": "Found.", "headers": _HEADERS, "content": _both(schema)}
    return {"get": {
        "operationId": name,
        "summary": summary,
        "parameters": [*paths, FORM, *parameters, JURISDICTION, LOCALE],
        "responses": {"200": found, "304": {"description": "Nothing changed."}, **_wrong(_READ)},
    }}  # fmt: skip


def _post(name: str, summary: str, schema: Schema, body: Schema) -> Any:
    return {"post": {
        "operationId": name,
        "summary": summary,
        "parameters": [FORM, AGAIN, JURISDICTION, LOCALE],
        "requestBody": body,
        "security": [{"header": []}, {"address": []}],
        "responses": {"200": {"description": "Taken.", "content": _both(schema)}, **_wrong(_SEND)},
    }}  # fmt: skip


def _of(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def paths(codes: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """All that may be asked and sent; `codes`: of the services that the city offers."""
    report = _post("file_request", "Report something.", listed("service_requests", "Filed"), report_body(codes))
    search = _get("requests", "Requests that fit, the newest first.", listed("service_requests", "Request"), *SEARCH)
    return {**_READING, "/open311/v2/requests.{form}": {**search, **report}}


_READING: Final[Mapping[str, Mapping[str, Any]]] = {
    "/open311/discovery.{form}": _get("discovery", "Where this is, and in which forms.", _of("Discovery")),
    "/open311/v2/discovery.{form}": _get("discovery_v2", "The same.", _of("Discovery")),
    "/open311/v2/services.{form}": _get("services", "What can be reported.", listed("services", "Service")),
    "/open311/v2/services/{code}.{form}": _get(
        "service_definition", "What is asked with a service.", _of("ServiceDefinition"),
        paths=(_named("code", "A service_code."),),
    ),
    "/open311/v2/requests/{number}.{form}": _get(
        "request", "One request.", listed("service_requests", "Request"),
        paths=(_named("number", "A service_request_id."),),
    ),
    "/open311/v2/tokens/{token}.{form}": _get(
        "token", "The request of a token; here a request's number is its token.", listed("service_requests", "Token"),
        paths=(_named("token", "As a post answered it."),),
    ),
    "/open311/v2/servicerequestupdates.{form}": {
        **_get(
            "updates", "What happened to requests, the oldest first.",
            listed("service_request_updates", "RequestUpdate"), NUMBERS, SINCE, UNTIL, SIZE, AFTER,
        ),
        **_post(
            "send_update", "Say what became of a request.", listed("service_request_updates", "Noted"), UPDATE_BODY
        ),
    },
    PATH: {"get": {
        "operationId": "openapi",
        "summary": "This document.",
        "parameters": [JURISDICTION],
        "responses": {
            "200": {"description": "Found.", "content": {"application/json": {"schema": {"type": "object"}}}},
            "304": {"description": "Nothing changed."},
            **_wrong((404, 429, 500)),
        },
    }},
}  # fmt: skip
