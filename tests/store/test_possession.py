import subprocess
import sys
from pathlib import Path

import pytest

from store.possession import InUse, sole

_HOLD = """
import sys
from store.possession import sole
with sole(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_on_the_same_sqlite_database_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'vecino.db'}"
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, url], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(InUse, match="Another Vecino"), sole(url):
            pass
        first.kill()
    with sole(url):
        pass


def test_many_processes_may_work_with_one_postgresql() -> None:
    with sole("postgresql://vecino@localhost/vecino"), sole("postgresql://vecino@localhost/vecino"):
        pass
