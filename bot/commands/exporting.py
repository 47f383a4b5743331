"""The process in which the open data of each day is written (bot/opendata/child.py starts it): an errand on stdin, what
came of it on stdout."""

import asyncio
import os
import pickle
import sys

import msgspec

from bot import logs
from bot.child import AWAY, FAILED
from bot.clock import SystemClock
from bot.opendata import shelf
from bot.opendata.child import Errand, Told
from bot.opendata.export import Order, export
from bot.ports import StoreUnavailable
from store.database import Database
from store.seal import ForeignKey, Seal


class WithoutPandas:
    """Where pandas is installed, as it is for tests, pyarrow loads it at its first array: a second and 50 MB, for
    nothing. Keeps importlib's MetaPathFinder."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 - importlib's
        if name == "pandas":
            raise ModuleNotFoundError("no pandas here", name=name)


def main() -> int:
    """The exit status. Whatever libraries print goes to stderr: stdout is the answer's."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.meta_path.insert(0, WithoutPandas())
    os.nice(10)  # who waits for an answer on the same machine comes first
    logs.configure(json=not sys.stderr.isatty())
    errand: Errand = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    status, said = _answer(errand)
    with answer:
        answer.write(said)
    return status


def _answer(errand: Errand) -> tuple[int, bytes]:
    try:
        return 0, msgspec.json.encode(asyncio.run(written(errand)))
    except StoreUnavailable:
        return AWAY, b""
    except OSError as error:
        return FAILED, f"a file could not be written ({error.strerror or type(error).__name__})".encode()
    except (shelf.Busy, ForeignKey) as refusal:
        return FAILED, str(refusal).encode()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told its name; its words may be a citizen's
        return FAILED, type(error).__name__.encode()


async def written(errand: Errand) -> Told:
    """Raises shelf.Busy, ForeignKey, OSError or StoreUnavailable."""
    clock = SystemClock()
    store = await Database.open(errand.url, Seal(errand.secret_keys), clock=clock, checked=False)
    try:
        await store.check_keys()
        order = Order(city=errand.city, root=errand.root, notes=errand.notes, public_url=errand.public_url)
        found = await export(store, order, clock.now())
    finally:
        await store.close()
    return Told(tickets=found.tickets, months=found.months, same=found.same)


if __name__ == "__main__":
    sys.exit(main())
