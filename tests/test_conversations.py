"""Whole dialogues in four languages, as people write and as Vecino answers: tests/conversations/*.yml.

The real model reads, everything is wired as in production, and each story has a world of its own.
"""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random
from time import monotonic

import aiohttp
import pytest

from bot.config import load
from bot.inbox.burst import NO_WAIT
from bot.simulate.world import World, world
from nlu.client import Address, Client, Fixed
from tests.conversations.stage import differences, play, tickets
from tests.conversations.story import LANGUAGES, BadStory, Story, read

CONFIG = load(Path(__file__).parents[1] / "config.yml", {})
FOLDER = Path(__file__).parent / "conversations"
STORIES = [story for path in sorted(FOLDER.glob("*.yml")) for story in read(path)]


@pytest.fixture
async def puerto(tmp_path: Path, sqlite_template: Path, model: Address) -> AsyncIterator[World]:
    shutil.copy(sqlite_template, tmp_path / "world.db")
    config = replace(CONFIG, settings=replace(CONFIG.settings, wait=NO_WAIT))
    async with aiohttp.ClientSession() as session:
        parser = Client(session, Fixed(at=model), clock=monotonic, timeout=10)
        async with world(config, parser, tmp_path, Random(1)) as place:
            yield place


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.language}: {story.name}")
async def test_the_talk_goes_as_told(story: Story, puerto: World) -> None:
    wrong = differences(story, await play(story, puerto))
    assert not wrong, f"\n{wrong}"
    assert await tickets(story, puerto) == list(story.tickets)


def test_every_language_has_at_least_25_stories_and_every_phone_its_own() -> None:
    for language in LANGUAGES:
        stories = [story for story in STORIES if story.language == language]
        assert len(stories) >= 25, f"{language}.yml has {len(stories)} stories"
        assert {story.phone for story in stories} == {"telegram", "sms", "whatsapp"}, language


GOOD = """language: es
stories:
  - name: Saluda
    phone: telegram
    talk:
      - citizen: hola
    tickets: []
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("language: es", "language: xx", "story.yml:1: xx is none of es, pt, en, fr"),
        ("stories:", "story:", "story.yml:2: story is not known here; keys are language, stories"),
        ("    phone: telegram\n", "", "story.yml:3: phone is missing"),
        ("telegram", "fax", "story.yml:4: fax is none of telegram, sms, whatsapp"),
        ("- citizen: hola", "- bot: hola", "story.yml:3: the citizen speaks first"),
        ("- citizen: hola", "- citizen: no", "story.yml:6: a text is expected here; quote a number or yes and no"),
        ("- citizen: hola", "- citizen hola", "story.yml:6: a turn is one `kind: value`, or photo, voice, closes"),
        ("- citizen: hola", "- shouts: hola", "story.yml:6: shouts is no kind of turn"),
        ("- citizen: hola", "- pin: [14.6]", "story.yml:6: a pin is [latitude, longitude]"),
        ("- citizen: hola", "- later: {hours: -1}", "story.yml:6: later is a positive time"),
        ("- citizen: hola", "- clerk: {to: lost}", "story.yml:6: lost is none of received"),
        ("tickets: []", "tickets: [{servce: tree}]", "story.yml:7: servce is not known here"),
        ("tickets: []", "tickets: [}", "story.yml:7: not YAML"),
        ("tickets: []\n", "tickets: []\n  - {name: Saluda, phone: sms, talk: [photo], tickets: []}\n", "story.yml:3: two stories are named 'Saluda'"),
    ],
)  # fmt: skip
def test_a_wrong_story_is_refused_with_file_line_and_reason(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    path = tmp_path / "story.yml"
    path.write_text(GOOD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(BadStory) as refused:
        read(path)
    assert str(refused.value).startswith(told)
