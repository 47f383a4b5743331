"""Stories: whole dialogues between one phone and the bot, read from `<language>.yml` beside this file.

A file holds `language: es` and a list `stories`; each story has a `name`, a `phone` (its style), a `talk` and the
`tickets` that must exist at the end, oldest first. Where no word can tell the language, a story says what does:
`number: "+5521..."` or, on telegram, `set_to: pt-BR`, the language of the phone. A turn of the talk is one of

    - citizen: hay un bache en Av. Bolívar 123    {number} stands for the newest ticket's, {code} for the newest code
    - bot: "Reporte {number}, hasta el {date}."   exactly this text, buttons behind it in brackets: [Sí] [No]; {code}
                                                  and {url} are known too
    - neighbour: hay un bache en la Bolívar       from another phone; what is answered there is not told here
    - presses: Sí                                 the newest button of this label
    - pin: [14.6, -66.5]                          latitude, longitude
    - photo, or voice
    - clerk: {to: resolved, note: Tapado.}        moves the newest ticket; the note may be left out
    - writes: Buenos días, ya lo miro.            a clerk, in the thread; `closes` gives it back to the bot
    - later: {hours: 3}                           the clock goes on; keys as timedelta has them
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from channels.simulator import Style
from tests.town import STYLES
from tickets.model import Status

LANGUAGES = ("es", "pt", "en", "fr")
TOLD = frozenset({  # of a ticket
    "service", "place", "street", "area", "language", "status", "photos", "answers", "followers", "reopened",
    "priority", "rating",
})  # fmt: skip
BARE = ("photo", "voice", "closes")  # turns of which there is no more to tell
SPANS = frozenset({"days", "hours", "minutes"})


class BadStory(Exception):
    """A story file cannot be read: `file:line: what is wrong there`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn of a talk: its kind, and what was written behind it."""

    kind: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`tickets` has one mapping per ticket with the keys of TOLD that matter to the story. `number` is the phone's,
    `set_to` the language of its menus, where its channel tells."""

    file: str
    line: int
    language: str
    name: str
    phone: Style
    number: str
    set_to: str | None
    talk: tuple[Step, ...]
    tickets: tuple[Mapping[str, object], ...]


def read(path: Path) -> list[Story]:
    """Every story of a file; raises BadStory at its first mistake."""
    try:
        top = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise BadStory(f"{path.name}:{line}: not YAML: {wrong.problem}") from None
    return _Reader(path.name).stories(top)


class _Reader:
    """Knows the file's name, so that each mistake is told with it."""

    def __init__(self, file: str) -> None:
        self._file = file

    def stories(self, top: yaml.Node | None) -> list[Story]:
        keys = self._keys(top, {"language", "stories"})
        language = self._one_of(keys["language"], LANGUAGES)
        stories = [self._story(node, language) for node in self._items(keys["stories"])]
        names = [story.name for story in stories]
        for story in stories:
            if names.count(story.name) > 1:
                raise BadStory(f"{self._file}:{story.line}: two stories are named {story.name!r}")
        return stories

    def _story(self, node: yaml.Node, language: str) -> Story:
        keys = self._keys(node, {"name", "phone", "talk", "tickets"}, {"number", "set_to"})
        talk = tuple(self._step(step) for step in self._items(keys["talk"]))
        if not talk or talk[0].kind == "bot":
            self._wrong(node, "the citizen speaks first")
        return Story(
            file=self._file, line=_line(node), language=language, name=self._text(keys["name"]),
            phone=self._one_of(keys["phone"], STYLES), talk=talk,
            number=self._text(keys["number"]) if "number" in keys else "p1",
            set_to=self._text(keys["set_to"]) if "set_to" in keys else None,
            tickets=tuple(self._ticket(ticket) for ticket in self._items(keys["tickets"])),
        )  # fmt: skip

    def _step(self, node: yaml.Node) -> Step:
        if isinstance(node, yaml.ScalarNode) and node.value in BARE:
            return Step(kind=node.value, value=None, line=_line(node))
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            self._wrong(node, f"a turn is one `kind: value`, or {', '.join(BARE)}")
        ((kind, value),) = node.value
        check = self._checks.get(kind.value)
        if check is None:
            self._wrong(node, f"{kind.value} is no kind of turn; there are {', '.join((*BARE, *self._checks))}")
        return Step(kind=kind.value, value=check(value), line=_line(node))

    @property
    def _checks(self) -> dict[str, Callable[[yaml.Node], object]]:
        return {
            "citizen": self._text, "bot": self._text, "neighbour": self._text, "presses": self._text, "pin": self._pin,
            "clerk": self._clerk, "writes": self._text, "later": self._later,
        }  # fmt: skip

    def _pin(self, node: yaml.Node) -> tuple[float, float]:
        values = [_plain(item) for item in self._items(node)]
        if len(values) != 2 or not all(isinstance(value, float) for value in values):
            self._wrong(node, "a pin is [latitude, longitude], such as [14.6, -66.5]")
        return values[0], values[1]

    def _clerk(self, node: yaml.Node) -> dict[str, str]:
        keys = self._keys(node, {"to"}, {"note"})
        note = self._text(keys["note"]) if "note" in keys else ""
        return {"to": self._one_of(keys["to"], tuple(Status)), "note": note}

    def _later(self, node: yaml.Node) -> dict[str, float]:
        spans = {name: _plain(value) for name, value in self._keys(node, set(), SPANS).items()}
        if not spans or not all(isinstance(span, (int, float)) and span > 0 for span in spans.values()):
            self._wrong(node, "later is a positive time, such as {hours: 3}")
        return spans

    def _ticket(self, node: yaml.Node) -> dict[str, object]:
        return {name: _plain(value) for name, value in self._keys(node, {"service"}, TOLD).items()}

    def _keys(self, node: yaml.Node | None, needed: Set[str], also: Set[str] = frozenset()) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, f"`key: value` lines are expected here, with {', '.join(sorted(needed | also))}")
        for key, _ in node.value:
            if key.value not in needed | also:
                self._wrong(key, f"{key.value} is not known here; keys are {', '.join(sorted(needed | also))}")
        found = {str(key.value): value for key, value in node.value}
        for name in sorted(needed - set(found)):
            self._wrong(node, f"{name} is missing")
        return found

    def _items(self, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, "a list is expected here")
        return list(node.value)

    def _text(self, node: yaml.Node) -> str:
        value = _plain(node)
        if not isinstance(value, str) or not value:
            self._wrong(node, "a text is expected here; quote a number or yes and no")
        return value

    def _one_of(self, node: yaml.Node, allowed: tuple[Any, ...]) -> Any:
        value = _plain(node)
        if value not in allowed:
            self._wrong(node, f"{value} is none of {', '.join(allowed)}")
        return value

    def _wrong(self, node: yaml.Node | None, reason: str) -> NoReturn:
        raise BadStory(f"{self._file}:{_line(node)}: {reason}")


def _line(node: yaml.Node | None) -> int:
    return node.start_mark.line + 1 if node is not None else 1


def _plain(node: yaml.Node) -> Any:
    return yaml.SafeLoader("").construct_document(node)
