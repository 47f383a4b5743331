"""`make eval`: how well the trained model understands sentences it never saw, per language, and how fast.

Sets: `authored_*.jsonl` (by other hands) and `hard_*.jsonl` (our own traps) beside this file, and
`../shared/nlu_dev/real_dev.jsonl` when it is there (never copied).
Prints a table and writes `report.json`.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from nlu.child import Child, command
from nlu.client import Client
from nlu.contract import LANGUAGES
from nlu.evaluation.metrics import Case, Outcome, figures
from nlu.train import data_hash, model_path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REAL = ROOT.parent / "shared" / "nlu_dev" / "real_dev.jsonl"
_LOADS = 120.0  # seconds


def read(path: Path) -> list[Case]:
    """The cases of a file of JSON lines."""
    return [_case(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        text=row["text"],
        language=row["language"],
        intent=row["intent"],
        location=row.get("location"),
        ticket=row.get("ticket"),
        mixed=row.get("style") == "codeswitch",
    )


async def run(models: Path) -> dict[str, Any]:
    """The report: per set and language its figures, and what the server costs."""
    began = time.monotonic()
    child = Child(command(model_path(models)))
    await child.start()
    try:
        if not await child.ready(_LOADS):
            raise SystemExit("Rasa did not come up")
        loading = time.monotonic() - began
        async with aiohttp.ClientSession() as session:
            client = Client(session, child, clock=time.monotonic)
            sets = {
                name: [c for language in LANGUAGES for c in read(HERE / f"{name}_{language}.jsonl")]
                for name in ("authored", "hard")
            }
            if REAL.exists():
                sets["real"] = read(REAL)
            report: dict[str, Any] = {name: await _set(cases, client) for name, cases in sets.items()}
        cost = {"load_s": round(loading, 1), "memory_mb": _memory(child.pid)}
        return {"data_hash": data_hash(), "server": cost, **report}
    finally:
        await child.stop()


async def _set(cases: Sequence[Case], client: Client) -> dict[str, dict[str, float]]:
    began = time.monotonic()
    outcomes = [Outcome(case=case, parse=await client.parse(case.text)) for case in cases]
    each = (time.monotonic() - began) / max(1, len(cases)) * 1000
    table = {language: figures([o for o in outcomes if o.case.language == language]) for language in LANGUAGES}
    table["all"] = {**figures(outcomes), "ms": each}
    return {name: {key: round(value, 4) for key, value in row.items()} for name, row in table.items()}


def _memory(pid: int | None) -> int:
    """Resident megabytes of a process; 0 where /proc does not tell."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def table(report: Mapping[str, Any]) -> Iterable[str]:
    """The report as lines to read."""
    for name in ("authored", "hard", "real"):
        if name in report:
            columns = report[name]
            yield f"{name:20s}" + "".join(f"{column:>9s}" for column in columns)
            for figure in columns["all"]:
                cells = (f"{row[figure]:9.3f}" if figure in row else " " * 9 for row in columns.values())
                yield f"{figure:20s}" + "".join(cells)
    yield f"server: loads in {report['server']['load_s']} s, {report['server']['memory_mb']} MB"


def main() -> None:
    report = asyncio.run(run(ROOT / "var" / "models"))
    (HERE / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for line in table(report):
        print(line)  # noqa: T201 - this is what it is for


if __name__ == "__main__":
    main()
