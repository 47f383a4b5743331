"""What the columns of open data mean: the data dictionary, for programs (Table Schema of Frictionless) and for people.
The sentences are texts of the product; pages show them in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tickets.model import Status
from tickets.openness import Precision


class Kind(StrEnum):
    """What stands in a column, as Table Schema calls it."""

    STRING = "string"
    DATETIME = "datetime"  # UTC, ISO 8601, whole seconds
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`words` says what it means, in English. `always`: no row is without. `values`: all that may stand there. `told`:
    text that people wrote or named, which a spreadsheet might take for a formula."""

    name: str
    words: str
    kind: Kind = Kind.STRING
    always: bool = False
    values: tuple[str, ...] = ()
    told: bool = False


def _(text: str) -> str:
    """Marks a text for the catalogues; pages translate it."""
    return text


_WHEN = Kind.DATETIME
TICKETS: Sequence[Column] = (
    Column(name="number", words=_("The request's number, the same for ever."), always=True),
    Column(name="service_code", words=_("What kind of request it is, as a code that stays."), always=True),
    Column(name="service_name", words=_("The same in words."), always=True, told=True),
    Column(
        name="status", words=_("Where it stands now."), always=True, values=tuple(status.value for status in Status)
    ),
    Column(name="open", words=_("Whether it still needs work."), kind=Kind.BOOLEAN, always=True),
    Column(name="department_code", words=_("The department that looks after it, as a code."), always=True),
    Column(name="department_name", words=_("The same in words."), always=True, told=True),
    Column(name="filed_at", words=_("When it was reported."), kind=_WHEN, always=True),
    Column(name="changed_at", words=_("When something last happened to it."), kind=_WHEN, always=True),
    Column(name="due_at", words=_("The date promised now."), kind=_WHEN, always=True),
    Column(name="first_due_at", words=_("The date promised first, if it was put off since."), kind=_WHEN),
    Column(
        name="closed_at", words=_("When it was solved, declined or joined to another; empty while open."), kind=_WHEN
    ),
    Column(name="area_code", words=_("The part of the city, as a code; empty if unknown or withheld.")),
    Column(name="area_name", words=_("The same in words."), told=True),
    Column(name="street", words=_("The street; empty if unknown or withheld."), told=True),
    Column(
        name="place_precision",
        words=_("How exactly the place is told: the spot, the middle of its street there, or a point of its area."),
        values=tuple(one.value for one in Precision),
    ),
    Column(name="latitude", words=_("Degrees north, WGS 84."), kind=Kind.NUMBER),
    Column(name="longitude", words=_("Degrees east, WGS 84."), kind=Kind.NUMBER),
    Column(name="description", words=_("The citizen's words, only where a clerk cleared them."), told=True),
    Column(name="photos", words=_("Links to photos that a clerk cleared, a blank between them.")),
    Column(name="note", words=_("The city's latest public note, only where a clerk cleared it."), told=True),
    Column(name="followers", words=_("How many neighbours joined it."), kind=Kind.INTEGER, always=True),
    Column(name="reopened", words=_("How often a citizen said that it was not fixed."), kind=Kind.INTEGER, always=True),
    Column(name="outside", words=_("Who has it now, where that is not the city."), told=True),
    Column(name="merged_into", words=_("The number of the request that goes on in its place.")),
)

# The fields of GeoReport Bulk, in its order; what each means is its own page's to say.
OPEN311: Sequence[Column] = (
    Column(name="service_request_id", words="", always=True),
    Column(name="requested_datetime", words="", kind=_WHEN, always=True),
    Column(name="updated_datetime", words="", kind=_WHEN, always=True),
    Column(name="closed_date", words="", kind=_WHEN),
    Column(name="status_description", words="", always=True, values=("Open", "Processing", "Hold", "Closed")),
    Column(name="status_notes", words="", always=True, told=True),
    Column(name="source", words=""),
    Column(name="service_name", words="", always=True, told=True),
    Column(name="service_subtype", words=""),
    Column(name="description", words="", told=True),
    Column(name="agency_responsible", words="", told=True),
    Column(name="address", words="", always=True, told=True),
    Column(name="lat", words="", kind=Kind.NUMBER),
    Column(name="long", words="", kind=Kind.NUMBER),
)

COUNTS: Sequence[Column] = (
    Column(name="month", words=_("The month in which they were reported."), always=True),
    Column(name="service_code", words=_("What kind of request it is, as a code that stays."), always=True),
    Column(name="area_code", words=_("The part of the city, as a code; empty if unknown or withheld.")),
    Column(
        name="filed",
        words=_("How many were reported; what is too few to tell is written as less than so many."),
        always=True,
    ),
    Column(
        name="closed",
        words=_("How many of them are closed by now; empty where that is too few to tell."),
        kind=Kind.INTEGER,
    ),
    Column(
        name="open",
        words=_("How many of them are still open; empty where that is too few to tell."),
        kind=Kind.INTEGER,
    ),
)


def schema(columns: Sequence[Column]) -> Mapping[str, object]:
    """A Table Schema (Frictionless, version 1)."""
    return {
        "fields": [_field(column) for column in columns],
        "missingValues": [""],
        "primaryKey": [column.name for column in COUNTS[:3]] if columns is COUNTS else columns[0].name,
    }


def _field(column: Column) -> Mapping[str, object]:
    field: dict[str, object] = {"name": column.name, "type": column.kind.value}
    if column.kind is Kind.DATETIME:
        field["format"] = "default"
    if column.words:
        field["description"] = column.words
    constraints: dict[str, object] = {"required": True} if column.always else {}
    if column.values:
        constraints["enum"] = list(column.values)
    return field | ({"constraints": constraints} if constraints else {})
