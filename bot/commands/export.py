"""`python -m bot export`: the open data, now."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import i18n
from bot.amending.amended import read_amended
from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.opendata import shelf
from bot.opendata.export import FORMATS, Exported, Order, export
from bot.opendata.months import BadMonth, Month, month_of, read
from bot.opendata.notes import notes
from bot.opening import open_store
from bot.ports import Clock

FOLDER = "data"  # below the folder of all data
_WHERE = "say with --out where to: {} has all months in all formats, which /data/ shows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, checked. `out` None: where /data/ finds it."""

    out: Path | None
    months: tuple[Month, ...]
    formats: tuple[str, ...]
    fresh: bool


def wanted(config: Config, clock: Clock, *, out: Path | None, month: str | None, formats: str, fresh: bool) -> Wanted:
    """Raises Unfit."""
    some = _formats(formats)
    months = (_month(month, config, clock),) if month else ()
    if out is None and (months or set(some) != set(FORMATS)):
        raise Unfit(_WHERE.format(config.settings.var / FOLDER))
    return Wanted(out=out, months=months, formats=some, fresh=fresh)


def _formats(given: str) -> tuple[str, ...]:
    some = tuple(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    if not some or not set(some) <= set(FORMATS):
        raise Unfit(f"{given or 'nothing'} is no list of formats; there are {', '.join(FORMATS)}")
    return some


def _month(given: str, config: Config, clock: Clock) -> Month:
    try:
        month = read(given)
    except BadMonth as bad:
        raise Unfit(str(bad)) from None
    if month > (now := month_of(clock.now(), config.city.calendar.zone)):
        raise Unfit(f"{month} has not begun; this month is {now}")
    return month


async def run(config: Config, what: Wanted, clock: Clock | None = None) -> None:
    """Write it, telling how far it is. Raises Unfit, WeakSecret, ForeignKey, BadUrl or StoreUnavailable."""
    clock = clock or SystemClock()
    root = what.out or config.settings.var / FOLDER
    store, _ = await open_store(config, clock)
    try:
        async with store.view() as view:
            city = (await read_amended(view, config.city)).city
        order = Order(
            city=city, root=root, notes=notes(i18n.catalogue(city.languages[0])),
            public_url=config.settings.public_url, months=what.months, formats=what.formats, fresh=what.fresh,
        )  # fmt: skip
        found = await export(store, order, clock.now(), show)
    except shelf.Busy as busy:
        raise Unfit(str(busy)) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unfit(f"{root} cannot be written ({why}); give a folder that can with --out") from None
    finally:
        await store.close()
    for line in _lines(found):
        show(line)


def _lines(found: Exported) -> Sequence[str]:
    size = sum(file.size for file in found.files.values()) / 1_000_000
    return (
        f"{found.tickets:,} requests of {found.months} months, {found.same} of them unchanged",
        f"wrote {len(found.files)} files, {size:,.1f} MB, to {found.folder}",
    )
