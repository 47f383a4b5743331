"""The sentences to measure on. None of them is ever trained on.

`authored_*.jsonl` (by other hands), `hard_*.jsonl` (our own traps, which grow with every mistake met) and
`unseen_*.jsonl` (by somebody who saw neither data nor results, and read by nobody since: no choice is made by them, no
mistake in them is looked at) stand beside this file; `../shared/nlu_dev/real_dev.jsonl`, texts of real citizens, is
read where it is and never copied.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlu.contract import LANGUAGES
from nlu.evaluation.metrics import Case

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIGURES_ONLY = frozenset({"unseen"})  # whose mistakes nobody looks at, not even by kind
REAL = ROOT.parent / "shared" / "nlu_dev" / "real_dev.jsonl"


def sets() -> dict[str, list[Case]]:
    """All sets by name; `real` only where it is present."""
    found = {
        name: [c for g in LANGUAGES for c in read(HERE / f"{name}_{g}.jsonl")]
        for name in ("authored", "hard", "unseen")
    }
    return found | ({"real": read(REAL)} if REAL.exists() else {})


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
        mixed=row.get("style") in {"codeswitch", "mixed"},
    )
