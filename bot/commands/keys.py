"""`python -m bot key`: keys of other programs from a terminal."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.commands.clerks import BY
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.opening import open_store
from bot.ports import Taken
from bot.ports.audit import Deed, Entry
from bot.ports.keys import Key, Scope
from web.api.rules import MOST, NAME, Problem, Wanted, checked, fresh, made

_WRONG = {
    Problem.NAME: f"A name has at most {NAME} characters, a letter or digit first",
    Problem.SCOPE: f"Say what it may: --scope with one or more of {', '.join(Scope)}",
    Problem.RATE: f"--rate is a whole number from 1 to {MOST}",
    Problem.UNTIL: "--until is a day that is still to come, such as 2027-12-31",
}


async def add(config: Config, name: str, scopes: Sequence[str], rate: int, until: str) -> None:
    """Add one and print it, this once. Raises Unfit."""
    now, zone = SystemClock().now(), config.city.timezone
    typed = Wanted(name=name, scopes=frozenset(map(Scope, scopes)), rate=str(rate), until=until)
    for problem in checked(typed, now, zone).problems.values():
        raise Unfit(_WRONG[problem])
    key, secret = made(typed, now, zone, BY), fresh()
    store, _ = await open_store(config, SystemClock())
    try:
        async with store.work() as work:
            await work.keys.add(key, secret)
            await work.audit.note(Entry(at=now, login=BY, deed=Deed.KEY_ADDED, subject=name))
            await work.commit()
    except Taken:
        raise Unfit(f"There is a key {name} already; choose another name, also where that one was revoked") from None
    finally:
        await store.close()
    show(secret)


async def revoke(config: Config, name: str) -> None:
    """It opens nothing any more. Raises Unfit."""
    now = SystemClock().now()
    store, _ = await open_store(config, SystemClock())
    try:
        async with store.work() as work:
            if not await work.keys.revoke(name, now):
                raise Unfit(f"No key {name} is in use; `python -m bot key list` tells which are")
            await work.audit.note(Entry(at=now, login=BY, deed=Deed.KEY_REVOKED, subject=name))
            await work.commit()
    finally:
        await store.close()
    show(f"{name} opens nothing any more")


async def show_keys(config: Config) -> None:
    """What there is, the revoked ones too."""
    store, _ = await open_store(config, SystemClock())
    try:
        async with store.view() as view:
            keys = await view.keys.all()
    finally:
        await store.close()
    for key in keys:
        show(_line(key, ZoneInfo(config.city.timezone)))
    if not keys:
        show("none yet; `python -m bot key add NAME --scope file` adds one")


def _line(key: Key, zone: ZoneInfo) -> str:
    now = SystemClock().now()
    state = "" if key.opens(now) else "revoked" if key.revoked_at else "expired"
    last = (key.expires_at - timedelta(seconds=1)).astimezone(zone) if key.expires_at else None
    until = f"until {last:%Y-%m-%d}" if last else "for good"
    used = f"last used {key.used_on:%Y-%m-%d}" if key.used_on else "never used"
    scopes = " ".join(sorted(key.scopes))
    return f"{key.name:24}  {scopes:24}  {key.rate:5}/min  {until:16}  {used:22}  {state}".rstrip()
