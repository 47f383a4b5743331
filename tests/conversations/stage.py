"""Plays a story in a town, and tells where the bot says something else than the story does."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from difflib import ndiff
from typing import Any

from channels.segments import gsm_safe
from tests.conversations.story import Step, Story
from tests.town import Town
from tickets.model import Point, Status, Ticket

PHOTO = b"\xff\xd8\xff a photo"
_WILD = {r"\{number\}": r"[0-9A-Z]{3}-[0-9A-Z]{3}", r"\{date\}": r"[^\n!?]{5,30}?"}
_NUMBER = re.compile(_WILD[r"\{number\}"])


async def play(story: Story, town: Town) -> list[str]:
    """The talk as it went: each turn of the citizen as the story has it, each of the bot as it was."""
    heard: list[str] = []
    for step in story.talk:
        if step.kind != "bot":
            heard += [line_of(step), *(f"bot: {said}" for said in await _ACTS[step.kind](step, story, town))]
    return heard


def line_of(step: Step) -> str:
    return step.kind if step.value is None else f"{step.kind}: {step.value}"


def differences(story: Story, heard: list[str]) -> str:
    """Empty when the talk went as told; else all of it, with - before what was told and + before what was said."""
    told = [gsm_safe(line) if _by_sms(story, line) else line for line in map(line_of, story.talk)]
    known = [next((line for line in told if _fits(line, said)), _NUMBER.sub("{number}", said)) for said in heard]
    lines = [line for line in ndiff(told, known) if not line.startswith("?")]
    return "" if told == known else "\n".join([f"{story.file}:{story.line}: {story.name}", *lines])


def _by_sms(story: Story, line: str) -> bool:
    """Stories are written with all accents; an SMS comes without those that would make it cost double."""
    return story.phone == "sms" and line.startswith("bot: ")


def _fits(told: str, said: str) -> bool:
    pattern = re.escape(told)
    for wild, allowed in _WILD.items():
        pattern = pattern.replace(wild, allowed)
    return told == said or (told.startswith("bot: ") and re.fullmatch(pattern, said) is not None)


async def tickets(story: Story, town: Town) -> list[dict[str, object]]:
    """What the story tells of its tickets, as it is in the store."""
    mine = list(reversed(await _tickets(story, town)))
    found = [await _facts(ticket, town) for ticket in mine]
    told = [*story.tickets, *({} for _ in found)]
    return [
        {name: fact for name, fact in facts.items() if name in (keys or facts)}
        for facts, keys in zip(found, told, strict=False)
    ]


async def _facts(ticket: Ticket, town: Town) -> dict[str, object]:
    async with town.store.view() as view:
        photos = len(await view.photos.of_ticket(ticket.number))
    place = asdict(ticket.place)
    return {
        "service": ticket.service, "place": place["words"], "street": place["street"], "area": place["area"],
        "language": ticket.language, "status": ticket.status.value, "photos": photos,
    }  # fmt: skip


async def _citizen(step: Step, story: Story, town: Town) -> list[str]:
    mine = await _tickets(story, town)
    number = mine[0].number if mine else "{number}"
    return await _says(story, town, step.value.replace("{number}", number))


async def _presses(step: Step, story: Story, town: Town) -> list[str]:
    shown = town.screen(story.phone, story.number)
    assert any(f"[{step.value}]" in bubble for bubble in shown), (
        f"{story.file}:{step.line}: there is no button {step.value}; the phone shows\n" + "\n".join(shown)
    )
    return await town.presses(step.value, style=story.phone, phone=story.number, language=story.set_to)


async def _pin(step: Step, story: Story, town: Town) -> list[str]:
    latitude, longitude = step.value
    return await _says(story, town, point=Point(latitude=latitude, longitude=longitude))


async def _photo(step: Step, story: Story, town: Town) -> list[str]:
    return await _says(story, town, photo=PHOTO)


async def _clerk(step: Step, story: Story, town: Town) -> list[str]:
    mine = await _tickets(story, town)
    assert mine, f"{story.file}:{step.line}: there is no ticket for the clerk to move"
    seen = len(town.screen(story.phone, story.number))
    to, note = Status(step.value["to"]), step.value["note"]
    await town.desk.move(number=mine[0].number, to=to, version=mine[0].version, login="rosa", note=note)
    await town.settle()
    return town.screen(story.phone, story.number)[seen:]


async def _later(step: Step, story: Story, town: Town) -> list[str]:
    seen = len(town.screen(story.phone, story.number))
    town.clock.forward(**step.value)
    await town.settle()
    return town.screen(story.phone, story.number)[seen:]


async def _says(story: Story, town: Town, text: str = "", **more: Any) -> list[str]:
    return await town.says(text, style=story.phone, phone=story.number, language=story.set_to, **more)


async def _tickets(story: Story, town: Town) -> list[Ticket]:
    return await town.tickets(style=story.phone, phone=story.number)


_ACTS: dict[str, Callable[[Step, Story, Town], Awaitable[list[str]]]] = {
    "citizen": _citizen, "presses": _presses, "pin": _pin, "photo": _photo, "clerk": _clerk, "later": _later,
}  # fmt: skip
