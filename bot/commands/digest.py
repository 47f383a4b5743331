"""`python -m bot digest`: the figures of a week in every form, and the list of those who get them."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import i18n
from bot.amending.amended import read_amended
from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.digesting.child import FONTS, fonts
from bot.digesting.listing import shortened, states
from bot.digesting.mail import file_name
from bot.digesting.subscriber import BadScope, Subscriber, codes, known, read_scope, write_scope
from bot.opening import open_store
from bot.ports import Clock, Store
from channels.message import Contact
from tickets.city import City
from tickets.figures import Digest, Scope
from tickets.period import BadWeek, Period, last_week, week

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOBODY = "Nobody has subscribed to the digest; see `digest` in docs/digest.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, checked. `fresh`: counted anew, whatever was sent."""

    period: Period
    scope: Scope
    language: str
    out: Path
    fresh: bool


def wanted(
    city: City, now: datetime, *, week_: str | None, language: str | None, scope: str, out: Path, fresh: bool
) -> Wanted:  # fmt: skip
    """The latest week that is over and the city's first language, where nothing else is asked for. Raises Unfit."""
    zone = ZoneInfo(city.timezone)
    try:
        period = week(week_) if week_ else last_week(now, zone)
        found = read_scope(scope)
    except (BadWeek, BadScope) as bad:
        raise Unfit(str(bad)) from None
    if period.begin > now.astimezone(zone).date():
        raise Unfit(f"{period.week} has not begun; the latest week that is over is {last_week(now, zone).week}")
    if language and language not in city.languages:
        raise Unfit(f"{language} is not among city.languages: {', '.join(city.languages)}")
    return Wanted(period=period, scope=found, language=language or city.languages[0], out=out, fresh=fresh)


async def digest(config: Config, what: Wanted, clock: Clock | None = None) -> None:
    """Write it in every form. Raises Unfit or StoreUnavailable."""
    clock = clock or SystemClock()
    _usable(what.out)
    store, _ = await open_store(config, clock)
    try:
        async with store.view() as view:
            city = (await read_amended(view, config.city)).city
        found, sent = await _found(store, city, what, clock.now())
    finally:
        await store.close()
    _tell(found, what, city, clock.now(), sent=sent)
    os.environ.setdefault(FONTS, fonts(config.settings.var))
    for path, content in _files(found, city, what).items():
        _write(what.out / path, content)
        show(f"wrote {what.out / path} ({_size(len(content))})")


async def _found(store: Store, city: City, what: Wanted, now: datetime) -> tuple[Digest, bool]:
    """The digest, and whether it is the one that was kept. A department that is no more still has its old ones; one of
    a week that is not over was sent by a clock that was ahead, and is none."""
    over = what.period.instants(ZoneInfo(city.timezone))[1] <= now
    async with store.view() as view:
        kept = await view.editions.get(what.period, what.scope) if over and not what.fresh else None
        if kept is not None:
            return kept, True
        if not known(what.scope, city):
            has = ", ".join(filter(None, codes(what.scope.kind, city))) or "none"
            raise Unfit(f"This city has no {write_scope(what.scope)}; of that kind there are {has}")
        return await view.statistics.digest(city, what.period, what.scope, now), False


def _tell(found: Digest, what: Wanted, city: City, now: datetime, *, sent: bool) -> None:
    zone = ZoneInfo(city.timezone)
    if sent:
        show(f"{what.period.week} as it was sent, counted {found.made_at.astimezone(zone):%Y-%m-%d %H:%M}")
    elif what.period.instants(zone)[1] > now:
        show(f"{what.period.week} is not over: counted until now")


def _files(found: Digest, city: City, what: Wanted) -> Mapping[str, bytes]:
    """By name: the page names its pictures as they lie beside it."""
    from digest.forms import render

    forms = render(found, city, what.language, i18n.catalogue(what.language))

    def name(ending: str) -> str:
        return file_name(what.period.week, write_scope(what.scope), what.language, ending)

    pictures = {cid: name("png").replace(".png", f"-{_plain(cid)}.png") for cid in forms.images}
    page = re.sub(r"cid:([^\"'\s)]+)", lambda found: pictures.get(found[1], found[0]), forms.html)
    texts = {"html": page, "txt": forms.text, "csv": forms.csv, "json": forms.json, "short.txt": forms.short}
    written = {name(ending): text.encode() for ending, text in texts.items()}
    return {**written, name("pdf"): forms.pdf, **{pictures[cid]: forms.images[cid] for cid in forms.images}}


def _plain(cid: str) -> str:
    """`trend` of `trend@digest.vecino`."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in cid.partition("@")[0])


def _usable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(folder, error) from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise _not_writable(path, error) from None


def _not_writable(path: Path, error: OSError) -> Unfit:
    why = error.strerror or type(error).__name__
    return Unfit(f"{path} cannot be written ({why}); give a folder that can with --out")


def _size(count: int) -> str:
    return f"{count / 1024:.0f} kB" if count >= 1024 else f"{count} bytes"


async def show_subscribers(config: Config) -> None:
    """Who gets what and when, and who does not and why. Addresses are shortened: a list lies about on desks."""
    sending = config.settings.digest
    if not sending.subscribers:
        show(_NOBODY)
        return
    store, _ = await open_store(config, SystemClock())
    try:
        async with store.view() as view:
            found = await states(view, sending.subscribers)
    finally:
        await store.close()
    show(f"{_DAYS[sending.day]}s, times of {config.city.timezone}:")
    for line in _lines(found):
        show(line)


def _lines(found: Mapping[Subscriber, str]) -> Iterator[str]:
    for one, state in found.items():
        where = shortened(one.contact.address)
        told = f"  {one.hour:02}:00  {one.language}  {write_scope(one.scope):20}  {one.contact.channel:8}  {where:28}"
        yield f"{told}  {one.role:12}  {state}".rstrip()


async def resubscribe(config: Config, address: str) -> None:
    """Send it to this address or chat again, though they unsubscribed or it bounced. Raises Unfit, also where they said
    STOP to us: only they take that back."""
    address = address.strip().lower()
    meant = [one for one in config.settings.digest.subscribers if one.contact.address == address]
    if not meant:
        raise Unfit(f"{shortened(address)} is not among digest.subscribers or digest.telegram of config.yml")
    clock = SystemClock()
    store, _ = await open_store(config, clock)
    try:
        if await _back(store, meant[0].contact):
            show(f"{shortened(address)} gets the digest again, from the next one on")
        else:
            show(f"{shortened(address)} gets the digest already")
    finally:
        await store.close()


async def _back(store: Store, contact: Contact) -> bool:
    async with store.work() as work:
        gone = await work.unsubscribed.remove(contact.address)
        citizen = await work.citizens.find(contact)
        if citizen is not None and citizen.opted_out and citizen.refused is None:
            raise Unfit(f"{shortened(contact.address)} said STOP; it gets the digest once START is written there")
        refused = citizen is not None and citizen.refused is not None
        if citizen is not None and refused:
            await work.refusals.forget(citizen.id)
        await work.commit()
    return gone or refused
