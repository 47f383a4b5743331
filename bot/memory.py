"""What is not needed any more goes back to the machine, in a process that runs for years."""

import ctypes
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # parameters of mallopt (glibc's malloc.h)
LARGE: Final = 128 * 1024  # bytes; glibc's own, as it is before the first large block was freed


def give_back() -> None:
    """Keep large blocks (photos, pages, exports) out of the heap for good. Where one was freed glibc takes the next of
    that size from the heap; then small ones come to stand between, and the heap grows for hours though nothing in use
    does (`docs/benchmarks.md`, "Half an hour of a lifelike day"). Where there is no glibc: nothing."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_MMAP_THRESHOLD, LARGE)
    mallopt(_TRIM_THRESHOLD, LARGE)
