"""Which lines of our own are reached, looked at for some of the inputs: tracing makes each ten times as slow."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

_ROOT = str(Path(__file__).parents[2])
_OTHERS = tuple(f"{_ROOT}/{folder}" for folder in ("tests/", ".venv/", "nlu/.venv/"))
Line = tuple[str, int]


class Reach:
    """All lines reached so far."""

    def __init__(self) -> None:
        self.lines: set[Line] = set()
        self._ours: dict[str, bool] = {}

    @contextmanager
    def watched(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, value: Any) -> Any:
        name = frame.f_code.co_filename
        ours = self._ours.get(name)
        if ours is None:
            ours = self._ours[name] = name.startswith(_ROOT) and not name.startswith(_OTHERS)
        return self._step if ours else None

    def _step(self, frame: FrameType, event: str, value: Any) -> Any:
        if event == "line":
            self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._step
