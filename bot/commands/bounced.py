"""`python -m bot bounced`: mail of ours that came back, told by the mail server to which it had gone. docs/email.md

What it says is believed only of the one mail whose secret return address it was sent to (channels/return_path.py).
It ends as a refusal at sending does: the mail stands among the undelivered, an address that is none gets no more.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.digesting.listing import shortened
from bot.opening import open_store
from bot.ports import Clock, Store, UnitOfWork
from channels import email
from channels.bounce import MOST, Failed, NoReport, read
from channels.mailbox import CHANNEL, sender
from channels.message import Contact, Delivery, Receipt
from channels.reason import BAD_CONTACTS, Reason
from channels.return_path import ReturnPath

_OFF = "Mail that comes back is not read: set channels.email.bounces in config.yml first (docs/email.md)"
_BLOCK = 65_536
_PIPE = "the message"
NO_REPORT = "is no report of a mail server; nothing was changed"
NO_PROOF = "did not come back to an address of ours, or was forged; nothing was changed"
PASSES = "tells of trouble that may pass; nothing was changed"
NOT_KNOWN = "tells of a mail that is not known any more, or was told of before; nothing was changed"


async def bounced(config: Config, folder: Path | None, clock: Clock | None = None) -> None:
    """Of stdin, or of each file of the folder; one sentence each. Raises Unfit or StoreUnavailable."""
    clock = clock or SystemClock()
    back, domain = _return_path(config)
    mails = _mails(folder)
    store, _ = await open_store(config, clock)
    try:
        while mail := await asyncio.to_thread(next, mails, None):
            show(f"{mail[0]} {await told(store, back, domain, mail[1], clock)}")
    finally:
        await store.close()


def _return_path(config: Config) -> tuple[ReturnPath, str]:
    """And the domain of our Message-IDs."""
    for channel in config.settings.channels:
        back = email.return_path(channel.options, channel.secrets) if channel.name == CHANNEL else None
        if back:
            return back, sender(channel.options["from"]).domain
    raise Unfit(_OFF)


def _mails(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """By the name to call them, one after the other. Raises Unfit."""
    if folder is None:
        yield _PIPE, _beginning(sys.stdin.buffer)
        return
    try:
        for path in _files(folder):
            with suppress(FileNotFoundError), path.open("rb") as file:  # a mail program moved it meanwhile
                yield _called(path), file.read(MOST)
    except OSError as error:
        raise Unfit(f"{folder} cannot be read ({error.strerror}); name a Maildir or a folder of .eml files") from None


def _files(folder: Path) -> Iterator[Path]:
    """Of a Maildir what is new and what a person looked at; else all `.eml`."""
    parts = [folder / name for name in ("cur", "new") if (folder / name).is_dir()]
    for part in parts or [folder]:
        listed = sorted(part.iterdir())
        yield from (path for path in listed if path.is_file() and (parts or path.suffix.lower() == ".eml"))


def _called(path: Path) -> str:
    """Its name as any terminal may show it."""
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in path.name)


def _beginning(pipe: BinaryIO) -> bytes:
    """As much as is looked at; the rest is taken too, else the mail server would think that we died."""
    content = pipe.read(MOST)
    while pipe.read(_BLOCK):
        pass
    return content


async def told(store: Store, back: ReturnPath, domain: str, content: bytes, clock: Clock) -> str:
    """What became of it, behind its name. Raises StoreUnavailable."""
    try:
        report = await asyncio.to_thread(read, content)
    except NoReport:
        return NO_REPORT
    meant = next(back.message_ids(report.addressed, domain), None)
    if meant is None:
        return NO_PROOF
    failed = next((one for one in report.failed if one.reason), None)
    if failed is None:
        return PASSES
    async with store.work() as work:
        said = await _noted(work, meant, failed, clock)
        await work.commit()
    return said


async def _noted(work: UnitOfWork, message_id: str, failed: Failed, clock: Clock) -> str:
    """Where it was forwarded to somebody whose mailbox is none, our own address may be a good one: of several behind
    it the others have the mail."""
    known = await work.citizens.find(Contact(channel=CHANNEL, address=failed.address))
    reason = failed.reason if known or failed.reason not in BAD_CONTACTS else Reason.REFUSED
    receipt = Receipt(key=None, external_id=message_id, delivery=Delivery.FAILED, reason=reason)
    noted = await work.outbox.receipt(CHANNEL, receipt, clock.now())
    if noted is None or not noted.refused:
        return NOT_KNOWN
    if known and known.id == noted.citizen:
        await work.refusals.record(noted.citizen, reason)
        if reason in BAD_CONTACTS:
            return f"says that {shortened(failed.address)} is no mailbox ({reason}): it gets no more mail"
    return f"says that a mail to {shortened(failed.address)} was refused ({reason}); it stands at /desk/undelivered"
