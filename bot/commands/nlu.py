"""`python -m bot nlu`: what clerks' corrections would teach the model, judged by a person (`review`), what that would
change (`compare`), the models that came of it (`models`), and which of them serves (`use`)."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.clock import SystemClock
from bot.commands.terminal import show
from bot.config import Config
from bot.learning import LIVE, MOST, NoLesson, alone, folder_of
from bot.opening import open_store
from bot.ports import Lesson, Store, Verdict
from nlu import learned
from nlu.chosen import NoModel, choose, drop_lost, is_taught
from nlu.scratch import sweep
from nlu.train import candidate, data_hash, model_path, train

EVERY = 2**31 - 1
NEXT = (
    "next: `python -m bot nlu compare` trains a model with them and shows what it changes; "
    "`python -m bot nlu use` then takes it"
)
ANSWERS = {"a": Verdict.ACCEPTED, "r": Verdict.REJECTED}
RESTART = "start the bot anew: until then it may have it in memory"
NONE_LEFT = "no model of this data is left: `python -m bot train` makes one, and until then nothing is understood"
STILL_TRAINS = (
    "a training goes on, which looks at its end whether what it learned is still accepted; once it has ended, review "
    "again: should it be killed, what it copied is removed then"
)


async def review(
    config: Config,
    accept: Sequence[int] = (),
    reject: Sequence[int] = (),
    forget: Sequence[str] = (),
    *,
    ask: bool = False,
    every: bool = False,
) -> None:
    """Accept and reject by number, forget by ticket; else go through them one by one (`ask`), else list them, also
    those that were judged (`every`). Then write the files of accepted examples anew, so that what was erased in the
    database is erased there too. Raises NoLesson; where a number is unknown the others were judged."""
    _check_whose(config)
    if both := set(accept) & set(reject):
        raise NoLesson(f"accepted and rejected at once: {', '.join(map(str, sorted(both)))}; nothing was changed")
    store, _ = await open_store(config, SystemClock())
    try:
        unknown = await _act(store, dict.fromkeys(accept, Verdict.ACCEPTED) | dict.fromkeys(reject, Verdict.REJECTED))
        strange = await _forget(store, forget)
        if not (accept or reject or forget):
            await (_ask(store) if ask else _list(store, tuple(Verdict) if every else (Verdict.PROPOSED,)))
        await _write(store, config)
    finally:
        await store.close()
    if unknown or strange:
        raise NoLesson(f"there is no example of {', '.join([*map(str, unknown), *strange])}")


def show_models(config: Config) -> None:
    """Those of our data, oldest first, with what becomes of each."""
    models = config.settings.models
    found = sorted(models.glob(f"{data_hash()}*.tar.gz"), key=lambda path: path.stat().st_mtime)
    serves, new = model_path(models), candidate(models)
    for path in found:
        marks = ["serves from the next start on"] * (path == serves) + ["what is accepted now"] * (path == new)
        show(f"{path.name:36} {', '.join(marks)}".rstrip())
    if new not in found:
        show(f"{new.name:36} not trained yet: python -m bot {'nlu compare' if is_taught(new.name) else 'train'}")


def use(config: Config, name: str | None) -> None:
    """The model of this name (none: that of what is accepted now) serves from the next start on. Raises NoModel."""
    models = config.settings.models
    model = models / name if name else candidate(models)
    if model.parent != models or not model.name.startswith(data_hash()) or not model.exists():
        raise NoModel(f"{name or model.name} is no trained model of this data; see `python -m bot nlu models`")
    before = model_path(models)
    choose(models, model)
    show(f"{model.name} serves from the bot's next start on (a `python -m bot rasa`, where you run one, likewise)")
    if before != model and before.exists():
        show(f"{before.name} is kept; to go back: python -m bot nlu use {before.name}")


async def compare(config: Config) -> None:
    """Train with what is accepted, if that was not done, and show what it would change. Raises DataError, NoRasa or
    TrainingFailed."""
    from nlu.evaluation import comparison  # only who compares needs it

    new = await asyncio.to_thread(train, config.settings.models, show)
    await comparison.compare(new, show)


def _check_whose(config: Config) -> None:
    """The demo's invented sentences never take the place of those of a live city that keeps its data here. The other
    way round they may. Raises NoLesson."""
    live = learned_folder(config) / LIVE
    if not config.settings.demo:
        live.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        live.touch()
    elif live.exists():
        raise NoLesson(f"{live.parent} is the live city's; give the demo a folder of its own: VECINO_VAR=...")


def learned_folder(config: Config) -> Path:
    """Beside the models: `var/nlu`."""
    return folder_of(config.settings.models)


async def _lessons(store: Store, verdict: Verdict) -> Sequence[Lesson]:
    async with store.view() as view:
        return await view.lessons.with_verdict(verdict, MOST)


async def _all(store: Store) -> Sequence[Lesson]:
    async with store.view() as view:
        return [lesson for verdict in Verdict for lesson in await view.lessons.with_verdict(verdict, EVERY)]


async def _act(store: Store, verdicts: dict[int, Verdict]) -> list[int]:
    """Those of which there is none."""
    async with store.work() as work:
        unknown = [id_ for id_, verdict in verdicts.items() if not await work.lessons.judge(id_, verdict)]
        await work.commit()
    for id_, verdict in verdicts.items():
        if id_ not in unknown:
            show(f"{id_}: {verdict}")
    return unknown


async def _forget(store: Store, tickets: Sequence[str]) -> list[str]:
    """The tickets that taught nothing."""
    known = {lesson.number for lesson in await _all(store)} if tickets else set()
    async with store.work() as work:
        for number in known.intersection(tickets):
            await work.lessons.withdraw(number)
            show(f"{number}: forgotten")
        await work.commit()
    return [number for number in tickets if number not in known]


async def _list(store: Store, verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        lessons = await _lessons(store, verdict)
        show(f"{len(lessons)} {verdict}")
        for lesson in lessons:
            show(f"{lesson.id:5d}  {lesson.number}  {lesson.language}  {lesson.service:15s} {lesson.text}")
    show(
        "--accept and --reject take the numbers in front, --forget the tickets'. Accept no sentence with a name in it."
    )


async def _ask(store: Store) -> None:
    lessons = await _lessons(store, Verdict.PROPOSED)
    for place, lesson in enumerate(lessons, start=1):
        show(f"\n{place} of {len(lessons)}  {lesson.language}  {lesson.service}\n  {lesson.text}")
        show("[a]ccept, [r]eject, [s]kip, [q]uit; accept nothing that tells who wrote it:")
        answer = (await asyncio.to_thread(sys.stdin.readline)).strip().lower()[:1] or "q"
        if answer == "q":
            return
        if answer in ANSWERS:
            await _act(store, {lesson.id: ANSWERS[answer]})
    show("nothing is left to review" if lessons else "nothing was proposed")


async def _write(store: Store, config: Config) -> None:
    """The files as the database has it. The models that learned what it has lost, here or meanwhile, go."""
    folder = learned_folder(config)
    if learned.files(folder) or await _lessons(store, Verdict.ACCEPTED):
        async with alone(folder):  # a bot that runs takes out of them what it finds erased
            accepted = await _lessons(store, Verdict.ACCEPTED)
            taught = [(lesson.language, lesson.service, lesson.text) for lesson in accepted]
            await asyncio.to_thread(learned.write, folder, taught)
        show(f"{len(accepted)} accepted in all, in {folder}")
    if not sweep(config.settings.models):
        show(STILL_TRAINS)
    known = {lesson.text for lesson in await _all(store)}
    _tell(config.settings.models, drop_lost(config.settings.models, known))


def _tell(models: Path, dropped: Sequence[str]) -> None:
    """What became of the models, and what is next."""
    if dropped:
        show(f"{', '.join(dropped)} had learned from what is erased and is removed; {RESTART}")
    if dropped and not model_path(models).exists():
        show(NONE_LEFT)
    if is_taught(candidate(models).name) and not candidate(models).exists():
        show(NEXT)
