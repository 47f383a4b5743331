"""The process in which digests of the schedule are printed (bot/digesting/child.py starts it): an order on stdin, the
forms on stdout. It keeps the edition first, so that all who get it, and whoever asks for it later, read the same."""

import asyncio
import os
import pickle
import sys
from dataclasses import fields

import msgspec
import structlog

from bot import i18n, logs
from bot.child import AWAY, FAILED
from bot.clock import SystemClock
from bot.digesting.child import Order, Printed
from bot.digesting.subscriber import write_scope
from bot.digesting.troubles import cause
from bot.ports import Clock, Store, StoreUnavailable
from bot.texts import NO_MORE
from digest.forms import Forms, render
from store.database import Database
from store.seal import Seal
from tickets.figures import Digest


def main() -> int:
    """The exit status. Whatever libraries print goes to stderr: stdout is the answer's, and that of what went wrong,
    which the parent says, for it knows how often it did."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.nice(10)  # who waits for an answer on the same machine comes first
    logs.configure(json=not sys.stderr.isatty())
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    status, said = _answer(order)
    with answer:
        answer.write(said)
    return status


def _answer(order: Order) -> tuple[int, bytes]:
    try:
        return 0, msgspec.msgpack.encode(_printed(order, asyncio.run(edition(order))))
    except StoreUnavailable:
        return AWAY, b""
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told
        return FAILED, cause(error).encode()


async def edition(order: Order) -> Digest:
    """The one that is kept, or counted and kept now. Raises ForeignKey or StoreUnavailable."""
    clock = SystemClock()
    store = await Database.open(order.url, Seal(order.secret_keys), clock=clock, checked=False)
    try:
        await store.check_keys()
        return await _kept(store, order, clock)
    finally:
        await store.close()


async def _kept(store: Store, order: Order, clock: Clock) -> Digest:
    async with store.view() as view:
        found = await view.editions.get(order.period, order.scope)
        if found is not None:
            return found
        counted = await view.statistics.digest(order.city, order.period, order.scope, clock.now())
    async with store.work() as work:  # counting takes seconds: nobody who writes waits for it
        mended = await work.editions.mend(order.period, order.scope)
        kept = await work.editions.keep(counted)
        await work.commit()
    if mended:
        structlog.get_logger().warning("edition_unreadable", week=order.period.week, scope=write_scope(order.scope))
    return kept


def _printed(order: Order, digest: Digest) -> Printed:
    translation = i18n.catalogue(order.language)
    forms = render(digest, order.city, order.language, translation)
    same = {part.name: getattr(forms, part.name) for part in fields(Forms)}
    return Printed(**same, stop=translation.gettext(NO_MORE))


if __name__ == "__main__":
    sys.exit(main())
