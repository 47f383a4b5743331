"""`python -m bot retention`: does what the rules of config.yml want now, or says what it would be. The same runs each
night by itself; both at once do no harm, for what is done is done once."""

from collections import Counter
from collections.abc import Mapping

from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.opening import open_store
from bot.ports import Clock, Store
from bot.retaining import PART
from tickets.retention import Rule


async def retention(config: Config, *, dry: bool = False, only: int | None = None) -> None:
    """`only`: the rule of this number, from 1. Raises Unfit, ForeignKey, BadUrl or StoreUnavailable."""
    rules = dict(enumerate(config.settings.retention, 1))
    if not rules:
        raise Unfit("config.yml has no `retention`: everything is kept (docs/privacy.md says what to write)")
    if only is not None and only not in rules:
        raise Unfit(f"There is no rule {only}; config.yml has 1 to {len(rules)}")
    clock = SystemClock()
    store, _ = await open_store(config, clock)
    try:
        for number, rule in rules.items():
            if only in (None, number):
                await (_told(store, clock, number, rule) if dry else _done(store, clock, number, rule))
    finally:
        await store.close()


async def _told(store: Store, clock: Clock, number: int, rule: Rule) -> None:
    async with store.view() as view:
        due = await view.retention.due(rule, clock.now())
    show(f"{number}. {rule}: {sum(due.values()):,} reports")
    for line in listed(due):
        show(f"   {line}")


async def _done(store: Store, clock: Clock, number: int, rule: Rule) -> None:
    count = await carried(store, clock, rule)
    show(f"{number}. {rule}: {count:,} reports")


async def carried(store: Store, clock: Clock, rule: Rule, part: int = PART) -> int:
    """All that is due now, in parts; how many reports."""
    count, since, now = 0, None, clock.now()
    while True:
        async with store.work() as work:
            done = await work.retention.carry(rule, now, since, part)
            await work.retention.ran(now, rule, done.reports)
            await work.commit()
        count, since = count + done.reports, done.next
        if since is None:
            return count


def listed(due: Mapping[tuple[str, int], int]) -> list[str]:
    """By service: how many, and of which years."""
    services = Counter[str]()
    for (service, _), reports in due.items():
        services[service] += reports
    return [
        f"{service}: {reports:,} ({', '.join(f'{year}: {due[service, year]:,}' for year in _years(due, service))})"
        for service, reports in services.most_common()
    ]


def _years(due: Mapping[tuple[str, int], int], service: str) -> list[int]:
    return sorted(year for of, year in due if of == service)
