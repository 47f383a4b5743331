"""Whole conversations as a person reads them: one file per language."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.simulate.measures import Result
from bot.simulate.persona import Goal
from channels.simulator import Bubble

EACH = 3  # of a language
_TELLING = (Goal.CORRECT, Goal.REOPEN, Goal.JOIN, Goal.TWO, Goal.RATE, Goal.REPORT)  # first those with most in them
_HEADS = {
    "es": "Conversaciones enteras", "pt": "Conversas inteiras", "en": "Whole conversations",
    "fr": "Conversations entières",
}  # fmt: skip


def write(results: Sequence[Result], folder: Path) -> None:
    """Some of those that ended as wanted, of each language, with different goals and on different channels."""
    folder.mkdir(parents=True, exist_ok=True)
    of_language = defaultdict(list)
    for result in results:
        if not result.reason:
            of_language[result.persona.language].append(result)
    for language, well in of_language.items():
        text = "\n\n".join([f"# {_HEADS[language]}", *map(shown, _chosen(well))])
        (folder / f"{language}.md").write_text(text + "\n", encoding="utf-8")


def _chosen(results: Sequence[Result]) -> Iterator[Result]:
    channels: set[str] = set()
    for goal in _TELLING:
        fresh = [r for r in results if r.persona.goal is goal and r.persona.channel not in channels]
        if fresh and len(channels) < EACH:
            channels.add(fresh[0].persona.channel)
            yield fresh[0]


def shown(result: Result) -> str:
    """One conversation, as its phone shows it."""
    persona = result.persona
    title = f"## {persona.goal}, {persona.channel}: {persona.telling}, {persona.temper}"
    lines = [title, f"{result.reason}" if result.reason else ""]
    for bubble in result.screen:
        who = "**Citizen**" if bubble.mine else "Vecino"
        lines.append(f"{who} {bubble.at:%a %H:%M}: {_line(bubble)}  ")
    return "\n".join(lines)


def _line(bubble: Bubble) -> str:
    """The text; line breaks stay line breaks in Markdown."""
    parts = [bubble.text.replace("\n", "  \n")]
    parts += [f"({name})" for name in bubble.files] + ["(pin)"] * (bubble.point is not None)
    return " ".join(filter(None, [*parts, *(f"[{choice.label}]" for choice in bubble.choices)]))
