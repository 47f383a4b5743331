"""All of the doctor's looks, and how they are told."""

from collections.abc import Sequence
from dataclasses import asdict

import msgspec

from bot.clock import SystemClock
from bot.commands.doctor.finding import Finding, State, worst
from bot.commands.doctor.here import backups, disk, spools
from bot.commands.doctor.inside import database
from bot.commands.doctor.outside import outside
from bot.commands.doctor.proxy import proxy
from bot.commands.doctor.wire import wire
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.ports import Clock


async def live(config: Config, *, json: bool, clock: Clock | None = None) -> None:
    """Say how it goes. Raises Unfit where something is bad."""
    findings = await look(config, clock or SystemClock())
    if json:
        show(msgspec.json.format(msgspec.json.encode([asdict(one) for one in findings]), indent=1).decode())
    else:
        for one in findings:
            show(str(one))
    if worst(findings) is State.BAD:
        count = sum(one.state is State.BAD for one in findings)
        raise Unfit(f"{count} of {len(findings)} are bad; what to do stands behind each arrow")


async def look(config: Config, clock: Clock) -> Sequence[Finding]:
    """Each, whatever the others find."""
    return [
        *await database(config, clock),
        *wire(config),
        *proxy(config),
        *disk(config),
        *spools(config),
        *backups(config, clock.now()),
        *await outside(config, clock.now()),
    ]
