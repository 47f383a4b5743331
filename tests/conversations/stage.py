"""Plays a story in a world, and tells where the bot says something else than the story does."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from difflib import ndiff
from typing import Any

from bot.simulate.world import World
from channels.message import Inbound, Kind
from channels.segments import gsm_safe
from channels.simulator import Bubble
from tests.conversations.story import Step, Story
from tickets.model import Point, Status, Ticket

PHOTO, VOICE = b"\xff\xd8\xff a photo", b"OggS a voice note"
NEIGHBOUR = "9"  # behind the phone's own number
_WILD = {
    r"\{number\}": r"[0-9A-Z]{3}-[0-9A-Z]{3}",
    r"\{date\}": r"[^\n!?]{5,30}?",
    r"\{code\}": r"\d{6}",
    r"\{url\}": r"https?://\S+",
}
_NUMBER, _CODE = re.compile(_WILD[r"\{number\}"]), re.compile(r"(?<!\d)\d{6}(?!\d)")


async def play(story: Story, world: World) -> list[str]:
    """The talk as it went: each turn of the citizen as the story has it, each of the bot as it was."""
    heard: list[str] = []
    for step in story.talk:
        if step.kind != "bot":
            seen = len(world.screen(story.phone, story.number))
            await _ACTS[step.kind](step, story, world)
            news = [bubble for bubble in world.screen(story.phone, story.number)[seen:] if not bubble.mine]
            heard += [line_of(step), *(f"bot: {_shown(bubble)}" for bubble in news)]
    return heard


def line_of(step: Step) -> str:
    return step.kind if step.value is None else f"{step.kind}: {step.value}"


def _shown(bubble: Bubble) -> str:
    return bubble.text + "".join(f" [{choice.label}]" for choice in bubble.choices)


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


async def tickets(story: Story, world: World) -> list[dict[str, object]]:
    """What the story tells of its tickets, as it is in the store."""
    found = [await _facts(ticket, world) for ticket in await world.tickets(story.phone, story.number)]
    told = [*story.tickets, *({} for _ in found)]
    return [
        {name: fact for name, fact in facts.items() if name in (keys or facts)}
        for facts, keys in zip(found, told, strict=False)
    ]


async def _facts(ticket: Ticket, world: World) -> dict[str, object]:
    async with world.vecino.store.view() as view:
        photos = len(await view.photos.of_ticket(ticket.number))
    place = asdict(ticket.place)
    return {
        "service": ticket.service, "place": place["words"], "street": place["street"], "area": place["area"],
        "language": ticket.language, "status": ticket.status.value, "photos": photos, "answers": dict(ticket.answers),
        "followers": ticket.followers, "reopened": ticket.reopened, "priority": ticket.priority.value,
        "rating": next(iter(await world.rated(ticket.number)), None),
    }  # fmt: skip


async def _newest(story: Story, world: World) -> Ticket | None:
    """Theirs; where they have none, their neighbour's."""
    mine = await world.tickets(story.phone, story.number)
    return next(reversed(mine or await world.tickets(story.phone, story.number + NEIGHBOUR)), None)


async def _citizen(step: Step, story: Story, world: World) -> None:
    newest = await _newest(story, world)
    shown = [bubble.text for bubble in world.screen(story.phone, story.number) if not bubble.mine]
    codes = [code for text in shown for code in _CODE.findall(text)]
    text = step.value.replace("{number}", newest.number if newest else "{number}")
    await _sends(story, world, text.replace("{code}", codes[-1] if codes else "{code}"))


async def _neighbour(step: Step, story: Story, world: World) -> None:
    phone = world.phones[story.phone]
    await world.send([phone.say(story.number + NEIGHBOUR, step.value, language=story.set_to)])


async def _presses(step: Step, story: Story, world: World) -> None:
    bubbles = world.screen(story.phone, story.number)
    found = [choice for bubble in reversed(bubbles) for choice in bubble.choices if choice.label == step.value]
    assert found, f"{story.file}:{step.line}: there is no button {step.value}; the phone shows\n" + "\n".join(
        map(_shown, bubbles)
    )
    await _sends(story, world, step.value, choice=found[0].id)


async def _pin(step: Step, story: Story, world: World) -> None:
    latitude, longitude = step.value
    await _sends(story, world, point=Point(latitude=latitude, longitude=longitude))


async def _photo(step: Step, story: Story, world: World) -> None:
    await _sends(story, world, photo=PHOTO)


async def _voice(step: Step, story: Story, world: World) -> None:
    note = _said(story, world, photo=VOICE)
    media = tuple(replace(one, content_type="audio/ogg") for one in note.media)
    await world.send([replace(note, kind=Kind.VOICE, media=media)])


async def _clerk(step: Step, story: Story, world: World) -> None:
    newest = await _newest(story, world)
    assert newest, f"{story.file}:{step.line}: there is no ticket for the clerk to move"
    await world.move(newest.number, Status(step.value["to"]), step.value["note"])


async def _writes(step: Step, story: Story, world: World) -> None:
    await _attends(step, story, world, closes=False)


async def _closes(step: Step, story: Story, world: World) -> None:
    await _attends(step, story, world, closes=True)


async def _attends(step: Step, story: Story, world: World, *, closes: bool) -> None:
    citizen = await world.citizen(story.phone, story.number)
    waits = citizen is not None and await world.thread(citizen.id) is not None
    assert citizen and waits, f"{story.file}:{step.line}: nobody waits for a clerk"
    await world.writes(citizen, step.value or "", closes=closes)


async def _later(step: Step, story: Story, world: World) -> None:
    await world.pass_time(timedelta(**step.value))


def _said(story: Story, world: World, text: str = "", **more: Any) -> Inbound:
    return world.phones[story.phone].say(story.number, text, language=story.set_to, **more)


async def _sends(story: Story, world: World, text: str = "", **more: Any) -> None:
    await world.send([_said(story, world, text, **more)])


_ACTS: dict[str, Callable[[Step, Story, World], Awaitable[None]]] = {
    "citizen": _citizen, "neighbour": _neighbour, "presses": _presses, "pin": _pin, "photo": _photo, "voice": _voice,
    "clerk": _clerk, "writes": _writes, "closes": _closes, "later": _later,
}  # fmt: skip
ACTS: Sequence[str] = tuple(_ACTS)
