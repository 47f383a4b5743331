"""What is done by the clock, wired: what citizens are asked and told when nobody writes, and the house's own work."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import attending, closing, escalation, promises, resuming
from bot.attending import Returning
from bot.closing import Closing
from bot.config import Settings
from bot.escalation import Escalation
from bot.hooks.worker import forget as forget_hooks
from bot.i18n import Words
from bot.inbox.photos import sweep
from bot.inbox.shredding import shred
from bot.inforce import InForce
from bot.learning import unlearn
from bot.ports import Clock, Store, UnitOfWork
from bot.promises import Promises
from bot.schedule import JOBS, Auditing, Chore, Job, Schedule, every
from bot.telling import Telling
from store.apart import purge
from store.database import Database
from store.erasures import Erasures
from store.files import Files
from store.seal import Seal
from tickets.city import Cities


def talking(city: Cities, words: Words, public_url: str = "") -> Sequence[Job]:
    """What citizens are asked and told when nobody writes, and then staff: of a missed date the citizen hears first."""
    ask, promise = Closing(city=city, render=words), Promises(city=city, telling=Telling(words, city))
    escalate = Escalation(city=city, render=words, public_url=public_url)
    return (
        Job(name="resuming", due=every(resuming.EVERY), step=resuming.Resuming(city=city, render=words).step),
        Job(name="closing", due=every(closing.EVERY), step=ask.step),
        Job(name="promises", due=every(promises.EVERY), step=promise.step),
        Job(name="escalation", due=every(escalation.EVERY), step=escalate.step),
        Job(name="idle", due=every(attending.EVERY), step=Returning(city, words).step),
    )


def steady(job: Job, city: InForce) -> Job:
    """Each part of it is of one city."""

    async def step(work: UnitOfWork, now: datetime, after: int) -> int | None:
        with city.held():
            return await job.step(work, now, after)

    return replace(job, step=step)


def schedule(store: Database, clock: Clock, files: Files, jobs: Sequence[Job | Chore], keeps: timedelta) -> Schedule:
    """Everything that a city does by the clock; `keeps`: how long the audit is kept."""
    sweeping = Chore(name="sweep", due=every(timedelta(hours=1)), do=partial(sweep, files, store))
    shredding = Chore(name="shred", due=every(timedelta(minutes=5)), do=partial(shred, files, store))
    auditing = Job(name="audit", due=every(timedelta(days=1)), step=Auditing(keeps).step)
    hooking = Job(name="hooks", due=every(timedelta(days=1)), step=forget_hooks)
    return Schedule(store, clock, (*JOBS, *jobs, auditing, hooking, sweeping, shredding))


def purging(spool: Path, seal: Seal, erasures: Erasures) -> Chore:
    """Forgets what the spool set apart of people who were erased."""

    async def do(_: datetime) -> None:
        await asyncio.to_thread(purge, spool, seal, erasures)

    return Chore(name="purge", due=every(timedelta(minutes=5)), do=do)


def unlearning(settings: Settings, store: Store) -> Sequence[Chore]:
    """Takes what was erased out of the examples that the model learns from. Nothing where the data lie elsewhere than
    beside the models: a simulation borrows those of a city, and its database has none of their examples."""
    models, demo = settings.models, settings.demo
    if settings.var != (models.parent / "demo" if demo else models.parent):
        return ()

    async def do(_: datetime) -> None:
        await unlearn(store, models, demo=demo)

    return (Chore(name="unlearn", due=every(timedelta(minutes=5)), do=do, here=True),)
