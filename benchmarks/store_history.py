"""Fills a database with finished messages, replies and tickets, as years of work leave them."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store import tables
from store.bulk import Sheet
from store.bulk_drivers import ByPostgresql, BySqlite
from store.engine import parse_url

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
    try:
        for first in range(0, count, BATCH):
            numbers = range(first, first + BATCH)
            for table, rows in (
                (tables.inbox, [_message(n, then) for n in numbers]),
                (tables.outbox, [_reply(n, 0, then) for n in numbers]),
            ):
                columns = [table.c[name] for name in rows[0]]
                made = Sheet(columns, parsed.get_dialect()()).filled([_within(row, lanes) for row in rows])
                await driver.insert(table, [column.name for column in columns], made)
        await driver.commit()
    finally:
        await driver.close()


def _within(row: Mapping[str, Any], lanes: int) -> dict[str, Any]:
    return {**row, "lane": row["lane"] % lanes + 1}


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


def _ticket(number: int, then: datetime) -> dict[str, Any]:
    is_open = random.random() < 0.1
    return {
        "number": f"{token_hex(4)}-{number}", "version": 1, "service": "pothole", "department": "works",
        "status": "received" if is_open else "resolved", "is_open": is_open, "priority": "normal", "rank": 1,
        "place_words": token_bytes(60), "street": "Av. Bolívar", "description": token_bytes(90),
        "reporter": number // 10 + 1, "channel": "sms", "language": "es", "confidence": 0.9,
        "filed_at": then, "due_at": then + timedelta(hours=random.randrange(400)),
    }  # fmt: skip
