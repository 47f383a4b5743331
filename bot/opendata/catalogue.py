"""What stands beside the data, so that people and programs know what it is: schema, dictionary, licence, checksums, a
Data Package (Frictionless, version 1) and a catalogue (DCAT 3, as JSON-LD)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.opendata.columns import COUNTS, OPEN311, TICKETS, Column, Kind, schema
from bot.opendata.packing import Written
from tickets.city import City

PACKAGE, CATALOG, SUMS = "datapackage.json", "catalog.jsonld", "SHA256SUMS"
DICTIONARY, LICENCE, COUNTED = "dictionary.md", "LICENCE.txt", "counts.csv"
SCHEMAS: Mapping[str, Sequence[Column]] = {
    "schema.json": TICKETS,
    "schema-open311.json": OPEN311,
    "schema-counts.json": COUNTS,
}
BULK = "https://wiki.open311.org/GeoReport/bulk"
_IANA = "https://www.iana.org/assignments/media-types/"
MEDIA: Mapping[str, str] = {  # by a file's ending
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "gz": "application/gzip",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An export as its catalogue tells it. `base` stands before the names of files: an address that ends with a slash,
    or nothing."""

    city: City
    made_at: datetime
    tickets: int
    files: Mapping[str, Written]
    base: str

    @property
    def publisher(self) -> str:
        return self.city.openness.publisher or self.city.name

    @property
    def title(self) -> str:
        return f"Service requests of {self.city.name}"


def documents(what: Described) -> Mapping[str, bytes]:
    """By name, all but the checksums."""
    return {
        **{name: _json(schema(columns)) for name, columns in SCHEMAS.items()},
        DICTIONARY: "\n".join(_dictionary(what)).encode(),
        LICENCE: _licence(what).encode(),
        PACKAGE: _json(_package(what)),
        CATALOG: _json(_catalogue(what)),
    }


def sums(files: Mapping[str, Written]) -> bytes:
    """As `sha256sum -c` reads them."""
    return "".join(f"{file.sha256}  {name}\n" for name, file in sorted(files.items())).encode()


def kind_of(name: str) -> str:
    """`csv` of `tickets-2026-11.csv.gz`."""
    return name.removesuffix(".gz").rpartition(".")[2]


def media_of(name: str) -> str:
    return MEDIA[kind_of(name)]


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _licence(what: Described) -> str:
    licence = what.city.openness.licence
    return f"{what.title}\n{what.publisher}, {what.made_at:%Y-%m-%d}\n\n{licence.name}\n{licence.url}\n"


def _package(what: Described) -> Mapping[str, object]:
    openness = what.city.openness
    contact = {"contributors": [{"title": what.publisher, "role": "publisher", **_contact(openness.contact)}]}
    return {
        "profile": "data-package",
        "name": "service-requests",
        "title": what.title,
        "created": f"{what.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [{"title": openness.licence.name, "path": openness.licence.url}],
        **contact,
        "resources": [_resource(what, name, file) for name, file in what.files.items()],
    }


def _contact(contact: str) -> Mapping[str, str]:
    if not contact:
        return {}
    return {"path": contact} if contact.startswith(("http://", "https://")) else {"email": contact}


def _resource(what: Described, name: str, file: Written) -> Mapping[str, object]:
    form = kind_of(name)
    resource: dict[str, object] = {
        "name": name.removesuffix(".gz").replace(".", "-"),
        "path": what.base + name,
        "format": form,
        "mediatype": media_of(name),
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if form == "csv":
        resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": what.base + schema_of(name)}
    if name.endswith(".gz"):
        resource["compression"] = "gz"
    return resource


def schema_of(name: str) -> str:
    """The file in which the schema of this one stands."""
    if name == COUNTED:
        return "schema-counts.json"
    return "schema-open311.json" if name.startswith("open311") else "schema.json"


def _catalogue(what: Described) -> Mapping[str, object]:
    openness = what.city.openness
    publisher = {"@type": "foaf:Agent", "foaf:name": what.publisher}
    dataset: dict[str, object] = {
        "@type": "dcat:Dataset",
        "@id": what.base or "./",
        "dct:title": what.title,
        "dct:identifier": "service-requests",
        "dct:publisher": publisher,
        "dct:license": {"@id": openness.licence.url},
        "dct:modified": _typed(f"{what.made_at:%Y-%m-%dT%H:%M:%SZ}", "xsd:dateTime"),
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"},
        "dct:language": what.city.languages[0],
        "dcat:distribution": [_distribution(what, name, file) for name, file in what.files.items()],
    }
    if openness.contact:
        dataset["dcat:contactPoint"] = {"@type": "vcard:Kind", "vcard:hasURL": {"@id": _url(openness.contact)}}
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/", "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Catalog",
        "dct:title": f"Open data of {what.city.name}",
        "dct:publisher": publisher,
        "dcat:dataset": [dataset],
    }  # fmt: skip


def _url(contact: str) -> str:
    return f"mailto:{contact}" if "@" in contact and "/" not in contact else contact


def _typed(value: str, kind: str) -> Mapping[str, str]:
    return {"@type": kind, "@value": value}


def _distribution(what: Described, name: str, file: Written) -> Mapping[str, object]:
    told: dict[str, object] = {
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:downloadURL": {"@id": what.base + name},
        "dcat:mediaType": {"@id": _IANA + media_of(name)},
        "dcat:byteSize": _typed(str(file.size), "xsd:nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file.sha256,
        },
    }
    if name.endswith(".gz"):
        told["dcat:compressFormat"] = {"@id": _IANA + "application/gzip"}
    if name.startswith("open311"):
        told["dct:conformsTo"] = {"@id": BULK}
    return told


def _dictionary(what: Described) -> Iterator[str]:
    yield f"# {what.title}: what the columns mean"
    yield ""
    yield f"{what.tickets:,} requests, as of {what.made_at:%Y-%m-%d %H:%M} UTC."
    yield f"Licence: {what.city.openness.licence.name} ({what.city.openness.licence.url})."
    yield ""
    yield from _described("tickets.csv, tickets.geojson, tickets.parquet", TICKETS)
    yield from _described(COUNTED, COUNTS)
    yield f"## open311.csv, open311.json\n\nGeoReport Bulk: {BULK}. `source` is never told.\n"


def _described(heading: str, columns: Sequence[Column]) -> Iterator[str]:
    yield f"## {heading}\n"
    yield "| column | type | may be empty | meaning |\n| --- | --- | --- | --- |"
    for column in columns:
        values = f" One of: {', '.join(column.values)}." if column.values else ""
        kind = "date and time, UTC" if column.kind is Kind.DATETIME else column.kind.value
        yield f"| `{column.name}` | {kind} | {'no' if column.always else 'yes'} | {column.words}{values} |"
    yield ""
