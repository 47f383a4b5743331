"""A mapping and a table of another system, as a city might have them."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.moving.mapping import Plan, read_mapping
from bot.moving.report import Outcome, Report
from bot.moving.rows import Item
from bot.moving.table import form_of, rows
from bot.moving.work import Import
from nlu.places import Gazetteer
from store.database import Database
from tests.town import CITY

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # as the store's clock stands
MAPPING = """
source: old-crm
timezone: America/Bogota
dates: ["%d/%m/%Y %H:%M", "%d/%m/%Y", iso]
columns:
  number: Folio
  service: Tipo
  status: Estado
  filed: Fecha
  closed: Cierre
  due: Compromiso
  description: [Asunto, Detalle]
  address: Lugar
  latitude: Lat
  longitude: Lon
services:
  Bache: pothole
  "Alumbrado Público": lighting
  Trámites: skip
statuses:
  Abierto: received
  En curso: in_progress
  Cerrado: resolved
"""
HEADER = "Folio;Tipo;Estado;Fecha;Cierre;Compromiso;Asunto;Detalle;Lugar;Lat;Lon;Nombre;Celular"
NAME, PHONE = "Zoraida Quintanilla", "+573001234567"


def plan(text: str = MAPPING, *, online: bool = False) -> Plan:
    return read_mapping(text, CITY, online=online)


def line(
    folio: str = "1", tipo: str = "Bache", estado: str = "Abierto", fecha: str = "01/02/2026 09:30", cierre: str = "",
    compromiso: str = "", asunto: str = "hueco enorme", detalle: str = "", lugar: str = "", lat: str = "",
    lon: str = "",
) -> str:  # fmt: skip
    cells = (folio, tipo, estado, fecha, cierre, compromiso, asunto, detalle, lugar, lat, lon, NAME, PHONE)
    return ";".join(cells)


def table(folder: Path, *lines: str, header: str = HEADER, name: str = "old.csv") -> Path:
    path = folder / name
    path.write_bytes("\n".join((header, *lines)).encode())
    return path


async def one_by_one(items: Iterable[Item]) -> AsyncIterator[Item]:
    for item in items:
        yield item


class StillClock:
    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def importing(
    database: Database, wanted: Plan | None = None, *, dry: bool = False, at: datetime = NOON, seed: int = 1
) -> Import:  # fmt: skip
    return Import(
        store=database, city=CITY, places=Gazetteer(CITY.areas, CITY.streets, CITY.landmarks), clock=StillClock(at),
        random=Random(seed), plan=wanted or plan(), show=lambda _: None, dry=dry,
    )  # fmt: skip


async def imported(
    database: Database, path: Path, wanted: Plan | None = None, *, dry: bool = False, at: datetime = NOON, seed: int = 1
) -> Report:
    """All rows of this file."""
    work, report = importing(database, wanted, dry=dry, at=at, seed=seed), Report()
    await work.run(one_by_one(rows(path, form_of(path, work.plan))), report)
    return report


def outcomes(report: Report) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in report.outcomes.items() if count}
