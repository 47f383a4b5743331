"""`python -m bot nlu review`: what clerks' corrections would teach the model, accepted or rejected by a person."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.app import open_store
from bot.clock import SystemClock
from bot.config import Config
from bot.ports import Lesson, Store, Verdict
from nlu import learned

MOST = 10_000  # examples; a city that taught more has better things to do than to review them at a terminal
LATER = (
    "python -m bot train makes a model with them, make eval shows its figures, and the bot takes it at its next start"
)
ANSWERS = {"a": Verdict.ACCEPTED, "r": Verdict.REJECTED}


async def review(config: Config, accept: Sequence[int], reject: Sequence[int], *, ask: bool) -> None:
    """Accept and reject by number, else go through them one by one (`ask`), else list them; then write the files of
    accepted examples anew, so that what was erased in the database is erased there too."""
    store, _ = await open_store(config, SystemClock())
    try:
        if accept or reject:
            await _judge(store, dict.fromkeys(accept, Verdict.ACCEPTED) | dict.fromkeys(reject, Verdict.REJECTED))
        elif ask:
            await _ask(store)
        else:
            await _list(store)
        await _write(store, learned_folder(config))
    finally:
        await store.close()


def learned_folder(config: Config) -> Path:
    """Beside the models: `var/nlu`."""
    return config.settings.models.parent / "nlu"


async def _lessons(store: Store, verdict: Verdict) -> Sequence[Lesson]:
    async with store.view() as view:
        return await view.lessons.with_verdict(verdict, MOST)


async def _judge(store: Store, verdicts: dict[int, Verdict]) -> None:
    async with store.work() as work:
        for id_, verdict in verdicts.items():
            known = await work.lessons.judge(id_, verdict)
            show(f"{id_}: {verdict}" if known else f"{id_}: there is no example of this number")
        await work.commit()


async def _list(store: Store) -> None:
    lessons = await _lessons(store, Verdict.PROPOSED)
    for lesson in lessons:
        show(f"{lesson.id:5d}  {lesson.number}  {lesson.language}  {lesson.service:15s} {lesson.text}")
    show(f"{len(lessons)} proposed; --accept and --reject take their numbers. No name may be left in what is accepted.")


async def _ask(store: Store) -> None:
    lessons = await _lessons(store, Verdict.PROPOSED)
    for place, lesson in enumerate(lessons, start=1):
        show(f"\n{place} of {len(lessons)}  {lesson.language}  {lesson.service}\n  {lesson.text}")
        show("[a]ccept, [r]eject, [s]kip, [q]uit; accept nothing that tells who wrote it:")
        answer = (await asyncio.to_thread(sys.stdin.readline)).strip().lower()[:1] or "q"
        if answer == "q":
            return
        if answer in ANSWERS:
            await _judge(store, {lesson.id: ANSWERS[answer]})
    show("nothing is left to review" if lessons else "nothing was proposed")


async def _write(store: Store, folder: Path) -> None:
    accepted = await _lessons(store, Verdict.ACCEPTED)
    taught = [(lesson.language, lesson.service, lesson.text) for lesson in accepted]
    if taught or learned.files(folder):
        await asyncio.to_thread(learned.write, folder, taught)
        show(f"{len(accepted)} accepted in all, in {folder}. {LATER}.")


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - for the person at the terminal
