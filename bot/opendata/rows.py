"""Tickets as rows of text files: CSV, GeoJSON, and Open311's bulk format as CSV and JSON. Rows of a sheet are written
all at once, by columns, and lie one behind the other in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]  # pyarrow ships no types
import pyarrow.compute as pc  # type: ignore[import-untyped]  # nor does this

from bot.opendata.columns import OPEN311, TICKETS, Column, Kind
from bot.opendata.table import Arrays, mapped

LINE = "\r\n"  # RFC 4180
_BETWEEN = ",\n"
# OWASP, CSV Injection; spreadsheets of East Asia take the wide signs for the others
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SPECIAL = frozenset(',"\r\n')
Pieces = Sequence[Any]  # texts and columns in turn; joined they are rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A kind of text file: `head`, then rows with `between` each two, then `tail`. `pieces` makes the rows of a sheet,
    whose empty values are written as `empty`."""

    name: str
    ending: str
    media: str
    head: str
    between: str
    tail: str
    empty: str
    pieces: Callable[[Arrays], Pieces]

    def rows(self, columns: Arrays) -> memoryview:
        """Each with `between` before it, in UTF-8."""
        pieces = [self.between, *self.pieces(columns)] if self.between else self.pieces(columns)
        rows = pc.binary_join_element_wise(*pieces, "", null_handling="replace", null_replacement=self.empty)
        _, offsets, content = rows.buffers()
        ends = memoryview(offsets).cast("i")
        return memoryview(content)[ends[rows.offset] : ends[rows.offset + len(rows)]]


def moment(column: Any) -> Any:
    """2026-11-23T15:00:00Z, of whole seconds."""
    return pc.binary_join_element_wise(pc.binary_replace_slice(column.cast(pa.string()), 10, 11, "T"), "Z", "")


def cell(text: str) -> str:
    """Text that somebody wrote, as a cell of CSV. What a spreadsheet would take for a formula gets an apostrophe."""
    return quoted(f"'{text}" if text.startswith(_FORMULA) else text)


def quoted(text: str) -> str:
    """As a cell of CSV (RFC 4180, section 2)."""
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.intersection(text) else text


def json(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _cells(columns: Sequence[Column], found: Arrays) -> Iterator[Any]:
    for n, column in enumerate(columns):
        if n:
            yield ","
        yield _cell(column, found[column.name])
    yield LINE


def _cell(column: Column, found: Any) -> Any:
    if column.kind is Kind.DATETIME:
        return moment(found)
    if column.kind is not Kind.STRING:
        return found.cast(pa.string())
    return mapped(found, cell if column.told else quoted)


def _members(columns: Sequence[Column], found: Arrays) -> Iterator[Any]:
    """`"name":value` of a JSON object, a comma between."""
    for n, column in enumerate(columns):
        yield f"{',' if n else ''}{json(column.name)}:"
        yield from _value(column, found[column.name])


def _value(column: Column, found: Any) -> Iterator[Any]:
    if column.kind is Kind.DATETIME:
        yield pc.binary_join_element_wise('"', moment(found), '"', "")
    elif column.kind is not Kind.STRING:
        yield found.cast(pa.string())
    else:
        yield mapped(found, json)


def _csv(found: Arrays) -> Pieces:
    return list(_cells(TICKETS, found))


_PROPERTIES = tuple(column for column in TICKETS if column.name not in {"latitude", "longitude"})


def _feature(found: Arrays) -> Pieces:
    """A GeoJSON Feature (RFC 7946, section 3.2); a place that is not told is no geometry."""
    point = pc.binary_join_element_wise(
        '{"type":"Point","coordinates":[', found["longitude"].cast(pa.string()), ",",
        found["latitude"].cast(pa.string()), "]}", "",
    )  # fmt: skip
    head = ('{"type":"Feature","id":', mapped(found["number"], json), ',"geometry":', point, ',"properties":{')
    return [*head, *_members(_PROPERTIES, found), "}}"]


_STATES: Mapping[str, str] = {"received": "Open", "triaged": "Open", "in_progress": "Processing", "waiting": "Hold"}


def bulk(found: Arrays, city: str, notes: Mapping[str, str]) -> Arrays:
    """GeoReport Bulk's fields. `notes`: what is said of each status where no note is cleared. How somebody wrote to the
    city is nobody's business, so `source` stays empty."""
    nothing = pa.nulls(len(found["number"]), pa.string())
    address = pc.binary_join_element_wise(found["street"], found["area_name"], city, ", ", null_handling="skip")
    return {
        "service_request_id": found["number"],
        "requested_datetime": found["filed_at"],
        "updated_datetime": pc.coalesce(found["closed_at"], found["changed_at"]),
        "closed_date": found["closed_at"],
        "status_description": mapped(found["status"], lambda status: _STATES.get(status, "Closed")),
        "status_notes": pc.coalesce(found["note"], mapped(found["status"], lambda status: notes.get(status, status))),
        "source": nothing,
        "service_name": found["service_name"],
        "service_subtype": nothing,
        "description": pc.coalesce(found["description"], found["service_name"]),
        "agency_responsible": found["department_name"],
        "address": address,
        "lat": found["latitude"],
        "long": found["longitude"],
    }


def _heading(columns: Sequence[Column]) -> str:
    return ",".join(column.name for column in columns) + LINE


CSV = Form(
    name="csv", ending="csv", media="text/csv", head=_heading(TICKETS), between="", tail="", empty="", pieces=_csv
)
GEOJSON = Form(
    name="geojson", ending="geojson", media="application/geo+json",
    head='{"type":"FeatureCollection","features":[\n', between=_BETWEEN, tail="\n]}\n", empty="null", pieces=_feature,
)  # fmt: skip


def open311(city: str, notes: Mapping[str, str]) -> tuple[Form, Form]:
    """The bulk format of a city, as CSV and as JSON."""
    return (
        Form(
            name="open311", ending="csv", media="text/csv", head=_heading(OPEN311), between="", tail="", empty="",
            pieces=lambda found: list(_cells(OPEN311, bulk(found, city, notes))),
        ),
        Form(
            name="open311", ending="json", media="application/json", head="[\n", between=_BETWEEN, tail="\n]\n",
            empty="null", pieces=lambda found: ["{", *_members(OPEN311, bulk(found, city, notes)), "}"],
        ),
    )  # fmt: skip
