"""What may stand in an address and in a posted form, for the OpenAPI document. A parameter that is there and empty is
as one that is not there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.desk.updating import STATUSES
from web.open311.forms import Form
from web.open311.paging import MOST
from web.open311.reading import FILES
from web.open311.schemas import TEXT, Schema, told
from web.open311.sent import WORDS

Parameter = Mapping[str, Any]
_NONE: Final[Schema] = {"type": "string", "maxLength": 0}
_ZONE = r"(?:Z|[+\- ]\d{2}:?\d{2})"
WHEN: Final[Schema] = {
    "type": "string",
    "pattern": rf"^\s*(?:\d{{4}}-\d{{2}}-\d{{2}}(?:T\d{{2}}:\d{{2}}(?::\d{{2}})?(?:\.\d{{1,9}})?{_ZONE})?)?\s*$",
    "examples": ["2026-01-31T12:00:00Z", "2026-01-31"],
}


def _query(name: str, schema: Schema, description: str) -> Parameter:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _or_none(schema: Schema) -> Schema:
    return {"anyOf": [schema, _NONE]}


def _number(least: float, most: float) -> Schema:
    return _or_none({"type": "number", "minimum": least, "maximum": most})


def _whole(most: int) -> Schema:
    return _or_none({"type": "integer", "minimum": 1, "maximum": most})


FORM: Final[Parameter] = {
    "name": "form", "in": "path", "required": True, "schema": {"type": "string", "enum": [str(form) for form in Form]},
    "description": "The form of the answer.",
}  # fmt: skip
AGAIN: Final[Parameter] = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 200},
    "description": "The same once more is answered as before.",
}  # fmt: skip
JURISDICTION: Final = _query("jurisdiction_id", TEXT, "The city's own, or none; any other is a 404.")
LOCALE: Final = _query("locale", TEXT, "A language of the city, such as es; else Accept-Language decides.")
NUMBERS: Final = _query("service_request_id", TEXT, "One number, or up to 200 with commas between them.")
SINCE: Final = _query("start_date", WHEN, "From then on. At most 90 days until end_date; a day is the city's.")
UNTIL: Final = _query("end_date", WHEN, "Until then, that second or day included. With neither date: the last 90 days.")
SIZE: Final = _query("page_size", _whole(MOST), f"How many at once, at most {MOST}.")
AFTER: Final = _query(
    "after", {"type": "string", "pattern": r"^\s*(?:[0-9]{1,17}_[0-9A-Z\-]{1,20}(?:\.[0-9]{1,9})?)?\s*$"},
    "Where the part before ended: taken from the Link of its answer.",
)  # fmt: skip
SEARCH: Final[Sequence[Parameter]] = (
    NUMBERS,
    _query("service_code", TEXT, "One code, or several with commas between them."),
    _query("status", TEXT, "open, closed, or both with a comma between them."),
    SINCE,
    UNTIL,
    _query("updated_after", WHEN, "Changed since then, whenever it was requested; in the order of changes."),
    _query("updated_before", WHEN, "Changed before then; in the order of changes."),
    _query("closed_after", WHEN, "Closed since then, whenever it was requested."),
    _query("closed_before", WHEN, "Closed before then."),
    _query("bbox", TEXT, "min_lon,min_lat,max_lon,max_lat in degrees (WGS 84)."),
    _query("lat", _number(-90, 90), "With long and radius: the middle of a circle."),
    _query("long", _number(-180, 180), "With lat and radius."),
    _query("radius", _or_none({"type": "number", "exclusiveMinimum": 0, "maximum": 50_000}), "Metres."),
    _query("area", TEXT, "The code of a part of the city."),
    _query("page", _whole(10_000), "Which part, from 1; behind 10,000 rows follow Link instead."),
    SIZE,
    AFTER,
    _query("extensions", TEXT, "true adds what the standard has no name for."),
)

_KEY: Final = told(TEXT, "A key of the city's; it may stand in the header Api-Key instead.")
_FILES: Final[Schema] = {
    "type": "array", "maxItems": FILES, "items": {"type": "string", "format": "binary"},
    "description": "Pictures: JPEG, PNG, WebP or GIF.",
}  # fmt: skip
_POST: Final[Mapping[str, Schema]] = {
    "api_key": _KEY,
    "jurisdiction_id": TEXT,
    "lat": _number(-90, 90),
    "long": _number(-180, 180),
    "address_string": told({"type": "string", "maxLength": 300}, "Where, in words; needed without lat and long."),
    "description": {"type": "string", "maxLength": WORDS},
    "phone": told(TEXT, "Such as +34600000000: its owner is asked once, by SMS, whether to be told."),
    "media_url": told(TEXT, "Never fetched; send the file as media."),
    "email": told(TEXT, "Such as ana@city.example: without a phone, its owner is asked once, by a mail with a link."),
    "first_name": told(TEXT, "Not kept."),
    "last_name": told(TEXT, "Not kept."),
    "device_id": told(TEXT, "Not kept."),
    "account_id": told(TEXT, "Not kept."),
}
_UPDATE: Final[Mapping[str, Schema]] = {
    "api_key": _KEY,
    "jurisdiction_id": TEXT,
    "service_request_id": {"type": "string", "minLength": 1},
    "update_id": told({"type": "string", "maxLength": 200}, "The sender's name of it; sent again it is written once."),
    "status": told({"type": "string", "enum": [*STATUSES, ""]}, "It moves only with a key that may."),
    "description": told({"type": "string", "maxLength": WORDS}, "For the clerks; needed without a status."),
}


def _form(properties: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": TEXT}


_SOMEWHERE: Final[Schema] = {"anyOf": [{"required": ["lat", "long"]}, {"required": ["address_string"]}]}


def report_body(codes: Sequence[str]) -> Schema:
    """Of a city that offers these services."""
    fields = {**_POST, "service_code": told({"type": "string", "enum": list(codes)}, "One of services.")}
    parts = {**fields, "media": _FILES}
    return {
        "required": True,
        "description": "Answers to the service's questions are sent as `attribute[code]`.",
        "content": {
            "application/x-www-form-urlencoded": {"schema": {**_form(fields, ["service_code"]), **_SOMEWHERE}},
            "multipart/form-data": {"schema": {**_form(parts, ["service_code"]), **_SOMEWHERE}},
        },
    }


UPDATE_BODY: Final[Schema] = {
    "required": True,
    "content": {
        kind: {"schema": _form(_UPDATE, ["service_request_id"])}
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data")
    },
}
