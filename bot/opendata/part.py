"""The files of one month, from which the whole ones are put together: each has its tickets once, so months add up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow.compute as pc  # type: ignore[import-untyped]  # pyarrow ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # pyarrow ships no types

from bot.opendata.book import Count, Month
from bot.opendata.packing import Gzip, Written
from bot.opendata.rows import Form
from bot.opendata.table import SCHEMA, Arrays, table
from bot.opendata.written import written
from bot.ports.opendata import Mark

PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which forms are written."""

    forms: Sequence[Form]
    parquet: bool = True


def file_of(form: Form, month: str = "") -> str:
    """`tickets.csv.gz`, or `tickets-2026-11.csv.gz`."""
    return f"{stem(form.name)}{month and '-' + month}.{form.ending}.gz"


def parquet_of(month: str = "") -> str:
    return f"tickets{month and '-' + month}.parquet"


def stem(name: str) -> str:
    return "open311" if name == "open311" else "tickets"


def key(form: Form) -> str:
    return f"{form.name}.{form.ending}"


class MonthWriter:
    """Writes a month's files while its tickets come. Left by an error it leaves half a month, which nobody publishes.
    Raises OSError."""

    def __init__(self, folder: Path, month: str, wanted: Wanted) -> None:
        self._folder, self._month, self._wanted = folder, month, wanted
        self._open = ExitStack()
        self._texts: dict[str, Gzip] = {}
        self._parquet: Any = None
        self._counts: Counter[tuple[str, str, bool]] = Counter()
        self._first = True

    def __enter__(self) -> Self:
        for form in self._wanted.forms:
            text = self._open.enter_context(Gzip(self._folder / file_of(form, self._month)))
            text.write(form.head.encode())
            text.begin()
            self._texts[key(form)] = text
        if self._wanted.parquet:
            path = self._folder / parquet_of(self._month)
            self._parquet = self._open.enter_context(pq.ParquetWriter(path, SCHEMA, compression="zstd"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, columns: Arrays) -> None:
        for form in self._wanted.forms:
            rows = form.rows(columns)
            self._texts[key(form)].write(rows[len(form.between) :] if self._first else rows)
        if self._parquet is not None:
            self._parquet.write_table(table(columns))
        self._count(columns)
        self._first = False

    def done(self, mark: Mark) -> Month:
        parts = {name: text.end() for name, text in self._texts.items()}
        files: dict[str, Written] = {}
        for form in self._wanted.forms:
            text = self._texts[key(form)]
            text.write(form.tail.encode())
            files[key(form)] = text.close()
        if self._parquet is not None:
            self._parquet.close()
            files[PARQUET] = written(self._folder / parquet_of(self._month))
        return Month(mark=mark, files=files, parts=parts, counts=self._counted())

    def _count(self, columns: Arrays) -> None:
        keys = zip(
            columns["service_code"].to_pylist(), columns["area_code"].to_pylist(),
            pc.is_valid(columns["closed_at"]).to_pylist(), strict=True,
        )  # fmt: skip
        self._counts.update((service, area or "", closed) for service, area, closed in keys)

    def _counted(self) -> list[Count]:
        pairs = sorted({(service, area) for service, area, _ in self._counts})
        return [
            (*pair, self._counts[*pair, True] + self._counts[*pair, False], self._counts[*pair, True]) for pair in pairs
        ]


def whole_text(form: Form, folder: Path, months: Mapping[str, Month]) -> Written:
    """All months' rows in one file."""
    with Gzip(folder / file_of(form)) as text:
        text.write(form.head.encode())
        first = True
        for name, month in months.items():
            part = month.parts[key(form)]
            if not part.plain:
                continue
            if not first:
                text.write(form.between.encode())
            text.append(folder / file_of(form, name), part)
            first = False
        text.write(form.tail.encode())
        return text.close()


def whole_parquet(folder: Path, months: Mapping[str, Month]) -> Written:
    """All months' row groups in one file, one in memory at a time."""
    path = folder / parquet_of()
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as whole:
        for name in months:
            with pq.ParquetFile(folder / parquet_of(name)) as month:
                for group in range(month.num_row_groups):
                    whole.write_table(month.read_row_group(group))
    return written(path)
