"""Fills a database with finished messages, replies and tickets, as years of work leave them."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store import tables
from store.bulk_drivers import ByPostgresql, BySqlite, untold
from store.bulk_sheets import Sheets
from store.engine import parse_url
from store.seal import Seal
from store.types import Sealed

BATCH = 5000
Rows = Sequence[Mapping[str, Any]]


async def fill(url: str, now: datetime, count: int) -> None:
    """`count` messages with two replies and a ticket each, of `count / 10` citizens. What is sealed is noise."""
    engine = create_async_engine(parse_url(url))
    async with engine.begin() as connection:
        for first in range(0, count, BATCH):
            numbers = range(first, min(count, first + BATCH))
            await _batch(connection, numbers, now - timedelta(days=30))
    await engine.dispose()


async def messages(url: str, now: datetime, count: int) -> None:
    """`count` finished messages and as many replies of the citizens who are there."""
    then, parsed = now - timedelta(days=30), parse_url(url)
    driver = BySqlite(parsed) if parsed.get_backend_name() == "sqlite" else await ByPostgresql.open(parsed)
    [lanes] = await driver.ask("SELECT max(id) FROM citizens")
    makes = ((tables.inbox, _message), (tables.outbox, _first_reply))
    layout = {table.name: tuple(make(0, then)) for table, make in makes}
    sheets = Sheets(url, Seal(token_hex(32)), layout)
    try:
        for first in range(0, count, BATCH):
            numbers = range(first, first + BATCH)
            made = {table.name: [_plain(table, make(n, then), lanes) for n in numbers] for table, make in makes}
            for (table, _), sheet in zip(makes, sheets.made(made), strict=True):
                await driver.insert(table, layout[table.name], sheet)
        await driver.commit(untold)
    finally:
        await driver.close()


def _plain(table: Table, row: Mapping[str, Any], lanes: int) -> tuple[Any, ...]:
    """As sheets are made of it: whole seconds, and words where something is sealed."""
    found = {**row, "lane": row["lane"] % lanes + 1}
    for name, value in found.items():
        if isinstance(value, datetime):
            found[name] = int(value.timestamp())
        elif isinstance(table.c[name].type, Sealed):
            found[name] = value.hex()[: len(value)]
    return tuple(found.values())


async def _batch(connection: AsyncConnection, numbers: range, then: datetime) -> None:
    citizens = [_citizen(then) for n in numbers if n % 10 == 0]
    replies = [_reply(n, part, then) for n in numbers for part in range(2)]
    for table, rows in (
        (tables.citizens, citizens),
        (tables.inbox, [_message(n, then) for n in numbers]),
        (tables.outbox, replies),
        (tables.tickets, [_ticket(n, then) for n in numbers]),
    ):
        if rows:
            await connection.execute(insert(table), rows)


def _citizen(then: datetime) -> dict[str, Any]:
    flags = {"language": "es", "chosen": False, "opted_out": False, "welcomed": True, "since": then}
    return {"channel": "sms", "contact_hash": token_bytes(32), "address": token_bytes(45), **flags}


def _done(number: int, then: datetime) -> dict[str, Any]:
    return {"lane": number // 10 + 1, "queued_at": then, "due": then, "attempts": 1, "done_at": then, "channel": "sms"}


def _message(number: int, then: datetime) -> dict[str, Any]:
    return {"key": token_bytes(32), "inbound": token_bytes(300), "reason": "", **_done(number, then)}


def _reply(number: int, part: int, then: datetime) -> dict[str, Any]:
    sent = {"outbound": token_bytes(250), "delivery": "delivered", "reason": "", "external_hash": token_bytes(32)}
    return {"key": f"old:{number}:{part}", "bulk": False, **sent, **_done(number, then)}


def _first_reply(number: int, then: datetime) -> dict[str, Any]:
    return _reply(number, 0, then)


def _ticket(number: int, then: datetime) -> dict[str, Any]:
    is_open = random.random() < 0.1
    return {
        "number": f"{token_hex(4)}-{number}", "version": 1, "service": "pothole", "department": "works",
        "status": "received" if is_open else "resolved", "is_open": is_open, "priority": "normal", "rank": 1,
        "place_words": token_bytes(60), "street": "Av. Bolívar", "description": token_bytes(90),
        "reporter": number // 10 + 1, "channel": "sms", "language": "es", "confidence": 0.9,
        "filed_at": then, "due_at": then + timedelta(hours=random.randrange(400)),
    }  # fmt: skip
