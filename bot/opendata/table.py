"""A sheet of public tickets as columns of Arrow, typed as `columns.TICKETS` says and in its order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # pyarrow ships no types
import pyarrow.compute as pc  # type: ignore[import-untyped]  # nor does this

from bot.opendata.columns import TICKETS, Kind
from bot.ports.opendata import Sheet
from tickets.city import City
from tickets.model import Status
from tickets.workflow import OPEN

Arrays = Mapping[str, Any]  # by name, pa.Array all of one length
PHOTOS = "/photos/public/"
_MICROS = pa.timestamp("us")
_SECONDS = pa.timestamp("s")
_TYPES: Mapping[Kind, Any] = {
    Kind.STRING: pa.string(),
    Kind.DATETIME: pa.timestamp("ms", tz="UTC"),  # Parquet knows no whole seconds
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int32(),
    Kind.BOOLEAN: pa.bool_(),
}
SCHEMA = pa.schema([pa.field(one.name, _TYPES[one.kind], nullable=not one.always) for one in TICKETS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The city's words for its codes, in its first language; `base` stands before the addresses of photos."""

    city: City
    base: str

    @property
    def language(self) -> str:
        return self.city.languages[0]

    def service(self, code: str) -> str:
        found = self.city.service(code)
        return found.names.get(self.language, code) if found else code

    def department(self, code: str) -> str:
        found = next((one for one in self.city.departments if one.code == code), None)
        return found.names.get(self.language, code) if found else code

    def area(self, code: str) -> str:
        return next((area.name for area in self.city.areas if area.code == code), code)

    def precision(self, code: str) -> str:
        return self.city.openness.precision(code).value


def arrays(sheet: Sheet, names: Names) -> Arrays:
    """Times are whole seconds, without a zone: they are UTC."""
    service, department, area = _strings(sheet.service), _strings(sheet.department), _strings(sheet.area)
    street, latitude = _strings(sheet.street), pa.array(sheet.latitude, pa.float64())
    status, nowhere = _strings(sheet.status), pc.and_(pc.is_null(area), pc.is_null(latitude))
    precision = pc.if_else(nowhere, pa.scalar(None, pa.string()), mapped(service, names.precision))
    return {
        "number": _strings(sheet.number),
        "service_code": service,
        "service_name": mapped(service, names.service),
        "status": status,
        "open": pc.equal(mapped(status, _is_open), "true"),
        "department_code": department,
        "department_name": mapped(department, names.department),
        **{
            name: pa.array(getattr(sheet, name), _MICROS).cast(_SECONDS, safe=False)
            for name in ("filed_at", "changed_at", "due_at", "first_due_at", "closed_at")
        },
        "area_code": area,
        "area_name": mapped(area, names.area),
        "street": street,
        "place_precision": precision,
        "latitude": latitude,
        "longitude": pa.array(sheet.longitude, pa.float64()),
        "description": _strings(sheet.words),
        "photos": _photos(sheet.photos, names.base),
        "note": _strings(sheet.news),
        "followers": pa.array(sheet.followers, pa.int32()),
        "reopened": pa.array(sheet.reopened, pa.int32()),
        "outside": _strings(sheet.outside),
        "merged_into": _strings(sheet.merged_into),
    }


def table(columns: Arrays) -> Any:
    """As it is kept in Parquet."""
    return pa.Table.from_arrays([_kept(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def mapped(column: Any, said: Callable[[str], str]) -> Any:
    """Another string in place of each, worked out once for those that are alike; nothing stays nothing."""
    coded = column.dictionary_encode()
    words = pa.array([said(value) for value in coded.dictionary.to_pylist()], pa.string())
    return words.take(coded.indices)


def _strings(values: Sequence[str | None]) -> Any:
    return pa.array(values, pa.string())


def _photos(photos: Sequence[tuple[str, ...]], base: str) -> Any:
    told = [" ".join(f"{base}{PHOTOS}{name}" for name in some) if some else None for some in photos]
    return _strings(told)


def _is_open(status: str) -> str:
    return "true" if Status(status) in OPEN else "false"


def _kept(column: Any, kind: Any) -> Any:
    return column.cast(pa.timestamp(kind.unit)).cast(kind) if pa.types.is_timestamp(kind) else column
