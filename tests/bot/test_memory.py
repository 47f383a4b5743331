"""Large blocks that were freed are no memory of the process any more, whatever was made after them."""

import platform
import subprocess
import sys

import pytest

_KEEPS = """
from bot.memory import LARGE, give_back

if {called}:
    give_back()
first = bytes(LARGE * 10)
del first
large, small = [], []
for _ in range(60):
    large.append(b"x" * (LARGE * 8))
    small.append(b"y" * 5_000)  # stands behind it
del large
print(int(open("/proc/self/statm").read().split()[1]) * 4096 // LARGE)
"""


def _kept(*, called: bool) -> int:
    """The memory of a process in the end, in LARGE."""
    program = [sys.executable, "-c", _KEEPS.format(called=called)]
    return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps them")
def test_large_blocks_are_given_back_though_small_ones_stand_behind_them() -> None:
    assert _kept(called=True) < _kept(called=False) - 300
