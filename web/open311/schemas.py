"""What stands in our answers and in the forms that are posted, as JSON Schema (2020-12), for the OpenAPI document. XML
holds the same under the same names; an empty element is a null."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tickets.model import Status
from web.open311.forms import ITEMS

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string"}
MAYBE: Final[Schema] = {"type": ["string", "null"]}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
MAYBE_MOMENT: Final[Schema] = {**MOMENT, "type": ["string", "null"]}
STATUS: Final[Schema] = {"type": "string", "enum": ["open", "closed"]}
CODE: Final[Schema] = {"type": "string", "enum": [str(status) for status in Status]}
LATITUDE: Final[Schema] = {"type": ["number", "null"], "minimum": -90, "maximum": 90}
LONGITUDE: Final[Schema] = {"type": ["number", "null"], "minimum": -180, "maximum": 180}
EMPTY: Final[Schema] = {"type": "null"}


def told(schema: Schema, description: str) -> Schema:
    """The same with a sentence."""
    return {**schema, "description": description}


def record(properties: Mapping[str, Schema], *, optional: Sequence[str] = ()) -> Schema:
    """A mapping of these and no others."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def listed(name: str, of: str) -> Schema:
    """A list, and how XML calls it and each of it."""
    return {
        "type": "array",
        "items": {"$ref": f"#/components/schemas/{of}"},
        "xml": {"name": name, "wrapped": True},
        "description": f"In XML each is a `{ITEMS[name]}`.",
    }


_EXTENSIONS: Final[Mapping[str, Schema]] = {
    "status_code": told(CODE, "Where it stands, more exactly than open and closed."),
    "closed_datetime": MAYBE_MOMENT,
    "first_expected_datetime": told(MAYBE_MOMENT, "What was promised first, where a later date was promised since."),
    "area": told(MAYBE, "The code of a part of the city."),
    "followers": told(COUNT, "Neighbours who joined it."),
    "reopened": told(COUNT, "How often somebody said that it is not fixed."),
    "merged_into": told(MAYBE, "The request that goes on in its place."),
    "media_urls": {"type": "array", "items": TEXT},
}
_REQUEST: Final[Mapping[str, Schema]] = {
    "service_request_id": told(TEXT, "Such as 7K3-9QX."),
    "status": STATUS,
    "status_notes": MAYBE,
    "service_name": TEXT,
    "service_code": TEXT,
    "description": told(TEXT, "The reporter's words where a clerk cleared them, else the service's name."),
    "agency_responsible": TEXT,
    "service_notice": MAYBE,
    "requested_datetime": MOMENT,
    "updated_datetime": told(MOMENT, "Of a closed request when it was closed."),
    "expected_datetime": told(MAYBE_MOMENT, "Until when it is promised."),
    "address": told(TEXT, "Street, area and city, as exactly as may be told."),
    "address_id": EMPTY,
    "zipcode": EMPTY,
    "lat": told(LATITUDE, "WGS 84; of a sensitive service a street's or an area's, or none."),
    "long": LONGITUDE,
    "media_url": MAYBE,
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "Error": record({"code": told({"type": "integer"}, "The HTTP status."), "description": TEXT}),
    "Service": record({
        "service_code": TEXT,
        "service_name": TEXT,
        "description": TEXT,
        "metadata": told({"type": "boolean"}, "Whether its definition asks for attributes."),
        "type": {"type": "string", "enum": ["realtime"]},
        "keywords": EMPTY,
        "group": TEXT,
    }),
    "ServiceDefinition": record(
        {"service_code": TEXT, "attributes": listed("attributes", "Attribute")}
    ),
    "Attribute": record({
        "variable": {"type": "boolean"},
        "code": told(TEXT, "Send its answer as `attribute[code]`."),
        "datatype": {"type": "string", "enum": ["singlevaluelist", "string"]},
        "required": {"type": "boolean"},
        "datatype_description": TEXT,
        "order": {"type": "integer", "minimum": 1},
        "description": TEXT,
        "values": {"type": "array", "items": record({"key": TEXT, "name": TEXT}), "xml": {"wrapped": True}},
    }, optional=("values",)),
    "Request": record({**_REQUEST, **_EXTENSIONS}, optional=tuple(_EXTENSIONS)),
    "RequestUpdate": record({
        "update_id": TEXT,
        "service_request_id": TEXT,
        "status": STATUS,
        "external_status_code": {"type": ["string", "null"], "enum": [*map(str, Status), None]},
        "updated_datetime": MOMENT,
        "description": TEXT,
        "media_url": EMPTY,
    }),
    "Filed": record({"service_request_id": TEXT, "service_notice": MAYBE, "account_id": EMPTY}),
    "Noted": record({"update_id": TEXT}),
    "Token": record({"service_request_id": TEXT, "token": TEXT}),
    "Endpoint": record({
        "specification": TEXT, "url": TEXT, "changeset": MOMENT, "type": TEXT,
        "formats": {"type": "array", "items": TEXT},
    }),
    "Discovery": record({
        "changeset": MOMENT, "contact": TEXT, "key_service": TEXT, "endpoints": listed("endpoints", "Endpoint"),
    }),
}  # fmt: skip
