"""`python -m bot rotate`: seals anew, with the newest key of VECINO_SECRET_KEY, what older ones sealed, while all runs.
It may be stopped at any time and goes on where it was."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from time import monotonic

from bot.clock import SystemClock
from bot.commands.reindex import renewed
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.opening import open_store, sealing
from bot.ports import Clock, Store
from bot.ports.rotation import Part
from store.files import LOOSE, Files

_BATCH = 200  # rows that are looked at in one unit of work
_TELLS = 5.0  # seconds between lines of progress
_LEASE, _KEEPS = timedelta(minutes=2), 30.0  # how long it is held, and after how many seconds anew
_NAME = "rotate"
_UNSUBSCRIBED = "unsubscribed.address_hash"


async def rotate(config: Config, *, check: bool = False) -> None:
    """With `check` it only counts what is sealed with an older key. Raises WeakSecret, ForeignKey, BadUrl,
    StoreUnavailable, and Unfit where another one is at it."""
    clock = SystemClock()
    store, seal = await open_store(config, clock)
    files = Files(config.settings.var / "files", seal)
    readers = [one.contact.address for one in config.settings.digest.subscribers if one.by_email]
    try:
        if check:
            _tell(await old(store, files, readers), sealing(config.settings).keys)
            _tell_unknown(await unknown(store, readers))
            return
        async with _alone(store, clock):
            sealed, lost = await anew(store, files, readers=readers)
            tickets, threads = await renewed(store)
        nobodys = await unknown(store, readers)
    finally:
        await store.close()
    show(f"{sealed:,} values and files are sealed with the newest key now")
    show(f"{tickets:,} tickets and {threads:,} conversations are found by it")
    if lost:
        show(f"{lost:,} no key of VECINO_SECRET_KEY opens: they are left as they were; put their key back, last")
    _tell_unknown(nobodys)
    show("`python -m bot rotate --check` says when the old key may go (docs/operations.md, Change the secret key)")


async def old(store: Store, files: Files, readers: Sequence[str] = ()) -> Mapping[str, int]:
    """How many values of each column, and how many files, are of any key but the newest and can be made anew.
    `readers`: the addresses to which config.yml sends the digest."""
    async with store.view() as view:
        found = dict(await view.rotation.old())
        if marks := len((await view.rotation.marks(readers)).older):
            found[_UNSUBSCRIBED] = marks
    many = await files.old()
    return {**found, "files": many} if many else found


async def unknown(store: Store, readers: Sequence[str] = ()) -> int:
    """How many unsubscribed from the digest whose address stands nowhere, so that nobody makes their hash anew."""
    async with store.view() as view:
        return (await view.rotation.marks(readers)).unknown


async def anew(
    store: Store, files: Files, batch: int = _BATCH, *, readers: Sequence[str] = ()
) -> tuple[int, int]:  # fmt: skip
    """Seal all of it anew: how many, and how many no key opens. What is sealed with the newest one already is passed
    over, so that it goes on where it was stopped."""
    sealed = lost = 0
    for table in await _tables(store):
        part: Part | None = Part(table=table)
        told = monotonic()
        while part is not None:
            async with store.work() as work:
                step = await work.rotation.step(part, batch)
                await work.commit()
            sealed, lost, part = sealed + step.sealed, lost + step.lost, step.next
            if monotonic() - told > _TELLS:
                told = monotonic()
                show(f"{table}: {sealed:,} so far")
    async with store.work() as work:
        sealed += await work.rotation.move(await work.rotation.marks(readers))
        await work.commit()
    for folder in await files.folders():
        many, unopened, names = await files.renew(folder)
        sealed, lost = sealed + many, lost + unopened
        if folder != LOOSE:  # what is loose belongs to nobody yet, and to the hourly sweep if it never does
            await _remove_again(store, files, names)
    return sealed, lost


async def _tables(store: Store) -> list[str]:
    async with store.view() as view:
        return list(view.rotation.tables())


async def _remove_again(store: Store, files: Files, names: Sequence[str]) -> None:
    """What was erased while it was written anew."""
    for first in range(0, len(names), _BATCH):
        some = names[first : first + _BATCH]
        async with store.view() as view:
            known = await view.photos.named(some)
        for name in set(some) - known:
            await files.remove(name)


@asynccontextmanager
async def _alone(store: Store, clock: Clock) -> AsyncIterator[None]:
    """Nobody else does it meanwhile. Raises Unfit."""
    owner = secrets.token_hex(8)
    if not await _hold(store, clock, owner):
        raise Unfit("Another `python -m bot rotate` is at it; if it was killed, try again in two minutes")
    keeping = asyncio.create_task(_keep(store, clock, owner))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        async with store.work() as work:
            await work.leases.give_up(_NAME, owner)
            await work.commit()


async def _keep(store: Store, clock: Clock, owner: str) -> None:
    while True:
        await asyncio.sleep(_KEEPS)
        await _hold(store, clock, owner)


async def _hold(store: Store, clock: Clock, owner: str) -> bool:
    async with store.work() as work:
        held = await work.leases.hold(_NAME, owner, clock.now(), clock.now() + _LEASE)
        await work.commit()
    return held


def _tell(found: Mapping[str, int], keys: int) -> None:
    for what, many in found.items():
        show(f"{many:9,} {what}")
    if found:
        show("`python -m bot rotate` seals these with the newest key; until then the older keys must stay")
    elif keys > 1:
        show("all that is sealed is sealed with the newest key. Before an older key is taken out, read")
        show("docs/operations.md, Change the secret key: what still is looked up by it")
    else:
        show("there is one key, and all is sealed with it")


def _tell_unknown(many: int) -> None:
    if many:
        show(f"{many:,} who unsubscribed from the digest have no address here any more: nobody can tell by which key")
        show("they are known. Written into config.yml again they may get it, once the older keys are out")
