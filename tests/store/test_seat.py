import subprocess
import sys
from pathlib import Path

from store.seat import seat

ROOT = Path(__file__).parents[2]
_SIT = """
import sys
from pathlib import Path
from store.seat import seat
with seat(Path(sys.argv[1])) as name:
    print(name, flush=True)
    sys.stdin.read()
"""


def test_processes_of_a_machine_have_names_of_their_own_and_keep_them_after_a_kill(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SIT, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        name = first.stdout.readline().strip()
        with seat(tmp_path) as second, seat(tmp_path) as third:
            assert len({name, second, third}) == 3
        first.kill()
    with seat(tmp_path) as again, seat(tmp_path) as other:
        assert (again, other) == (name, second)


def test_a_seat_whose_making_was_killed_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "1.seat").write_text("half")
    with seat(tmp_path) as name:
        assert len(name) == 32
    with seat(tmp_path) as again:
        assert again == name
