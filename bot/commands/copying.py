"""The process in which the copy of each night is made (bot/roles/nightly.py starts it): an order on stdin, what was
made, or why nothing was, on stdout. Copying takes minutes of a processor, which the loop that serves does not have."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from bot import __version__
from bot.child import FAILED
from bot.clock import SystemClock
from bot.ports import StoreUnavailable
from bot.roles.nightly import Made, Order
from store.archive import BadArchive
from store.backup import NoRoom, Source, back_up, prune
from store.migrate import NewerSchema


def main() -> int:
    """The exit status."""
    os.nice(10)  # who waits for an answer on the same machine comes first
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    try:
        made = asyncio.run(make(order))
    except (BadArchive, NewerSchema, NoRoom, StoreUnavailable) as why:
        return _say(FAILED, str(why).encode())
    except Exception as error:  # noqa: BLE001 - by its name: its words may hold what was to be copied
        return _say(FAILED, type(error).__name__.encode())
    return _say(0, msgspec.json.encode(made))


async def make(order: Order) -> Made:
    """Raises what `store.backup.back_up` and `prune` do."""
    source, folder = Source(url=order.url, files=Path(order.files), version=__version__), Path(order.folder)
    copied = await back_up(source, folder, SystemClock().now())
    prune(folder, order.keep)
    manifest = copied.manifest
    return Made(rows=manifest.rows, files=manifest.files, missing=manifest.missing, bytes=copied.path.stat().st_size)


def _say(status: int, words: bytes) -> int:
    sys.stdout.buffer.write(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
