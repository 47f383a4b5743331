"""Files that an administrator gives us: config.yml, places, and another system's cases."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp

from bot.config import ConfigError
from bot.config import read as read_config
from bot.moving.mapping import BadMapping, read_mapping
from bot.moving.open311 import NoServer, Server
from bot.moving.reading import Reading
from bot.moving.rows import Refused, Row
from bot.moving.table import BadTable, form_of, rows
from nlu.places import Gazetteer
from tests.bot.moving.samples import HEADER, MAPPING, line, plan
from tests.fuzz.shapes import json_changed, lines
from tests.fuzz.target import Read, Target, size, text_of
from tests.town import CITY

_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_PLACES = Gazetteer(CITY.areas, CITY.streets, CITY.landmarks)
_ROWS = 60  # of a table that are looked at: a row is like another


@contextmanager
def _config() -> Iterator[Read]:
    with tempfile.TemporaryDirectory(prefix="vecino-fuzz-") as folder:
        path = Path(folder) / "config.yml"

        def read(data: bytes) -> str:
            path.write_bytes(data)
            try:
                found = read_config(path, {})
            except ConfigError as refused:
                return f"refused {str(refused.problems[0])[:20]}"
            assert found.problems, "a file without a city is right"
            return f"{size(len(found.problems))} {sorted({problem.advice[:12] for problem in found.problems})[:4]}"

        yield read


@contextmanager
def _config_places() -> Iterator[Read]:
    """The GeoJSON beside config.yml; the rest of that is as short as can be."""
    with tempfile.TemporaryDirectory(prefix="vecino-fuzz-") as folder:
        path = Path(folder) / "config.yml"
        path.write_text(
            "".join(f"{key}: {{file: places.geojson}}\n" for key in ("areas", "streets", "landmarks")), encoding="utf-8"
        )

        def read(data: bytes) -> str:
            (Path(folder) / "places.geojson").write_bytes(data)
            found = read_config(path, {})
            of_places = [problem for problem in found.problems if problem.key in ("areas", "streets", "landmarks")]
            return f"{size(len(of_places))} {sorted({problem.advice[:60] for problem in of_places})[:4]}"

        yield read


@contextmanager
def _mapping() -> Iterator[Read]:
    def read(data: bytes) -> str:
        try:
            found = read_mapping(text_of(data), CITY, online=False)
        except BadMapping as bad:
            return f"{size(len(bad.problems))} {sorted({problem.advice[:12] for problem in bad.problems})[:4]}"
        return f"right {len(found.columns)} {found.encoding} {found.delimiter} {len(found.dates)}"

    yield read


@contextmanager
def _table() -> Iterator[Read]:
    wanted = plan()
    reading = Reading(wanted, _PLACES, CITY.languages, _NOW)
    with tempfile.TemporaryDirectory(prefix="vecino-fuzz-") as folder:
        path = Path(folder) / "old.csv"

        def read(data: bytes) -> str:
            path.write_bytes(data)
            try:
                form = form_of(path, wanted)
            except BadTable as bad:
                return str(bad)[:25]
            told = [_case(reading, item) for _, item in zip(range(_ROWS), rows(path, form), strict=False)]
            return f"{form.encoding} {form.delimiter} {sorted(set(told))}"

        yield read


def _case(reading: Reading, item: Row | Refused) -> str:
    found = reading.case(item) if isinstance(item, Row) else item
    if isinstance(found, Refused):
        return str(found.why)
    assert found.filed_at.tzinfo is UTC
    assert len(found.description) <= 4000
    return f"{found.service} {found.status} {bool(found.place.point)} {bool(found.closed_at)} {bool(found.due_at)}"


class _Content:
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def iter_chunked(self, _: int) -> Any:
        yield self._body


class _Response:
    """As much of aiohttp's answer as is asked for; page 2 is behind the last one."""

    def __init__(self, body: bytes, page: str) -> None:
        self.status, self.headers, self.content = 200 if page == "1" else 404, {}, _Content(body)

    async def __aenter__(self) -> "_Response":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""


class _Session:
    body = b""

    def get(self, _: str, params: "dict[str, str]", **__: Any) -> _Response:
        return _Response(self.body, params["page"])


@contextmanager
def _open311() -> Iterator[Read]:
    """Each answer is tried as JSON, then as XML."""
    wanted = plan("source: other\nservices: {Bache: pothole}\n", online=True)
    reading = Reading(wanted, _PLACES, CITY.languages, _NOW)
    session = _Session()

    async def no_wait(_: float) -> None:
        """Nobody is spared here."""

    async def all_of() -> "list[str]":
        server = Server(session=cast(aiohttp.ClientSession, session), address="http://x/", plan=wanted, wait=no_wait)
        items = [item async for item in server.items(_NOW - timedelta(seconds=59), _NOW)]
        return [_case(reading, item) for item in items if isinstance(item, Row)][:_ROWS]

    with asyncio.Runner() as runner:

        def read(data: bytes) -> str:
            session.body = data
            try:
                return str(sorted(set(runner.run(all_of()))))
            except NoServer as none:
                return str(none)

        yield read


_YML = (Path(__file__).parents[3] / "config.yml").read_text(encoding="utf-8")


def _piece(*names: str) -> bytes:
    """These sections of the demo city's file: a whole one takes a second."""
    sections = _YML.split("\n\n")
    return "\n".join(one for one in sections if one.strip().startswith(tuple(f"{name}:" for name in names)))[
        :1500
    ].encode()


_GEO = b"""{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "Molino", "also": ["mill"]}, "geometry": {"type": "LineString", "coordinates": [[-66.5, 14.6], [-66.4, 14.6]]}},
{"type": "Feature", "properties": {"name": "Mercado"}, "geometry": {"type": "Point", "coordinates": [-66.5, 14.6]}},
{"type": "Feature", "properties": {"code": "c", "name": "Centro"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}
]}"""
_CASES = b"""[{"service_request_id": "1", "service_name": "Bache", "status": "open", "requested_datetime": "2026-02-01T09:00:00Z", "lat": 14.6, "long": -66.5,
"address": "Calle Molino 8", "description": "hueco", "updated_datetime": "2026-02-02T09:00:00Z"}]"""
_CASES_XML = b"""<?xml version="1.0" encoding="utf-8"?><service_requests><request><service_request_id>1</service_request_id><service_name>Bache</service_name>
<status>closed</status><requested_datetime>2026-02-01T09:00:00Z</requested_datetime><lat>14.6</lat><long>-66.5</long></request></service_requests>"""
_YAML = [
    b"!!python/object:os.system", b"!!binary", b"!!timestamp", b"!!set", b"&a", b"*a", b"<<: *a", b"? ", b"- ", b": ", b"|", b">", b'"\\UFFFFFFFF"', b"---", b"...", b"%YAML 9.9", b"{", b"}", b"[", b"]",
    b"0o17", b"1e3", b"2026-13-99", b"~", b"yes", b"#", b"\t", b"12:30:45", b".inf", b"=",
]  # fmt: skip
TARGETS = (
    Target(
        name="config", opened=_config, change=lines, seconds=2.0, longest=700,
        samples=[
            b"mode: demo\npublic_url: ''\nwait: {album: 2, thought: 4}\ntalk: {remind: 30}\nretention:\n  - {after: {days: 730}, do: redact_text}\n",
            b"city:\n  name: A\n  timezone: America/Lima\n  languages: [es]\n  locales: {es: es_PE}\n  prefixes: {'+51': es}\n",
            b"calendar:\n  opening: {mon: 08:00-17:00}\n  holidays: [2026-12-25]\nchannels:\n  sms: {enabled: true, from: '+1550'}\n",
            b"staff: [{role: head, language: es, contacts: [{channel: sms, address: '+155'}]}]\nescalation: [{before: {hours: 9}, to: [desk]}]\nalerts: [{role: head}]\n",
            b"services:\n  - {code: pothole, department: roads, sla: {days: 5}, asks: [place], names: {es: Bache}}\ndepartments:\n  - {code: roads, names: {es: V}}\n",
            b"oidc: {issuer: 'https://a.example', client_id: a, roles: {claim: g, values: {a: admin}}}\nopen: {allow: ['10.0.0.0/8'], few: 5}\nmetrics: {host: a, port: 1}\n",
            b"digest: {day: mon, hour: 7, subscribers: [{email: a@b.example, role: mayor, language: es}]}\nbackup: {hour: 3}\ntoo_old: {reply: 1}\n",
        ],
        words=[*_YAML, *b"mode: city: name: languages: services: sla: days: hours: areas: questions: options: names: texts: es: pt: en: fr: null true -1 1e999".split()],
    ),
    Target(
        name="config-places", opened=_config_places, change=json_changed, samples=[_GEO], seconds=0.5,
        words=b"type features properties geometry coordinates name also code LineString Point Polygon".split(),
    ),
    Target(name="import-mapping", opened=_mapping, change=lines, samples=[MAPPING.encode()], words=[*_YAML, b"%d/%m/%Y", b"iso", b"%", b"utf-16", b"idna", b"hex"], seconds=2.0, longest=1500),
    Target(
        name="import-table", opened=_table, change=lines, seconds=0.25,
        samples=[
            "\n".join((HEADER, line(), line("2", cierre="02/02/2026", estado="Cerrado"), line("3", lat="14.6", lon="-66.5", lugar="Calle Molino 8"))).encode(),
            "\n".join((HEADER, line(tipo="Alumbrado Público"))).encode("utf-16"), "\n".join((HEADER, line(asunto="añejo"))).encode("windows-1252"),
        ],
        words=b"; , \t | \" \"\" \r\n Folio Tipo Estado Fecha 01/02/2026 31/02/2026 2026-02-01T09:00 Cerrado Bache 14,6 \xff\xfe \xef\xbb\xbf".split(b" "),
    ),
    Target(
        name="import-open311", opened=_open311, change=json_changed, samples=[_CASES, _CASES_XML, b'{"requests": []}'], seconds=0.25,
        words=[
            *b"service_request_id service_code service_name status requested_datetime updated_datetime closed_datetime lat long address description requests open closed".split(),
            b"<request>", b"</request>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![CDATA[", b"<?pi a?>", b"<!-- a -->", b'encoding="utf-16"', b'encoding="x"', b"xmlns:a='b'",
        ],
    ),
)  # fmt: skip
