import ast
import os
import subprocess
import sys
from pathlib import Path

from bot import environments

SOURCE = Path(environments.__file__)


def test_nothing_is_done_by_importing_it_and_annotations_wait() -> None:
    """A Python older than ours stumbles over annotations that it evaluates."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 7))
    first = next(node for node in tree.body if isinstance(node, ast.ImportFrom))
    assert (first.module, first.names[0].name) == ("__future__", "annotations")
    assert "STARTED" not in vars(environments)


def test_an_older_python_is_told_what_is_needed() -> None:
    """With each that this machine has; the test above holds where it has none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for python in sorted(p for minor in range(7, 11) for p in pyenv.glob(f"3.{minor}.*/bin/python")):
        done = subprocess.run([python, SOURCE], capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 1
        assert done.stderr.startswith("\nSet-up stopped: Python 3.11 or newer is needed, this is 3."), python


def test_ours_is_new_enough() -> None:
    assert sys.version_info >= environments.OLDEST
    environments.check_python()
