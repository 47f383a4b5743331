"""Reads YAML with the line of every key, and collects every mistake instead of stopping at the first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake: which key, on which line, and what to do."""

    key: str
    line: int
    advice: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key}: {self.advice}"


class Section:
    """One mapping of the file. Each getter notes a problem and gives a harmless value when something is wrong."""

    def __init__(self, problems: list[Problem], path: str, line: int, nodes: Mapping[str, yaml.Node]) -> None:
        self.problems, self.path, self.line = problems, path, line
        self._nodes = nodes
        self._seen: set[str] = set()

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, advice: str) -> None:
        node = self._nodes.get(name)
        line = node.start_mark.line + 1 if node is not None else self.line
        self.problems.append(Problem(key=self.key(name), line=line, advice=advice))

    def has(self, name: str) -> bool:
        return name in self._nodes

    def get(self, name: str, kind: Callable[[Any], T], what: str, default: T, *, required: bool = True) -> T:
        """The value of a key turned by `kind`, which raises ValueError or TypeError where it is not `what`."""
        self._seen.add(name)
        if name not in self._nodes:
            if required:
                self.wrong(name, f"is missing; write {what}")
            return default
        try:
            return kind(_plain(self._nodes[name]))
        except (ValueError, TypeError, KeyError):
            self.wrong(name, f"must be {what}")
            return default

    def text(self, name: str, what: str = "some text", default: str | None = None) -> str:
        return self.get(name, _text, what, default or "", required=default is None)

    def texts(self, name: str, languages: tuple[str, ...]) -> dict[str, str]:
        """A text for each of the city's languages."""
        found: dict[str, object] = self.get(name, dict, f"one text for each of {', '.join(languages)}", {})
        for language in languages:
            if not str(found.get(language) or "").strip() and self.has(name):
                self.wrong(name, f"has no {language}; add `{language}: ...`")
        for language in set(map(str, found)) - set(languages):
            self.wrong(name, f"has {language}, which is not among city.languages; remove it or add the language there")
        return {str(language): str(words) for language, words in found.items()}

    def section(self, name: str) -> "Section":
        self._seen.add(name)
        if name not in self._nodes:
            self.wrong(name, "is missing; see the config.yml of the demo city for its keys")
        return _section(self.problems, self.key(name), self._nodes.get(name), self.line)

    def sections(self, name: str) -> "Iterator[Section]":
        """The items of a list of mappings."""
        self._seen.add(name)
        node = self._nodes.get(name)
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(name, "must be a list, each item beginning with `- `")
            return
        for position, item in enumerate(node.value):
            yield _section(self.problems, f"{self.key(name)}[{position + 1}]", item, self.line)

    def named(self, name: str) -> "Iterator[tuple[str, Section]]":
        """The entries of a mapping of mappings."""
        inner = self.section(name)
        for key in inner._nodes:
            yield key, inner.section(key)

    def raw(self, name: str) -> object:
        """The value as plain Python, for data with rules of its own (GeoJSON)."""
        self._seen.add(name)
        return _plain(self._nodes[name]) if name in self._nodes else None

    def skip(self, names: frozenset[str]) -> None:
        self._seen |= names

    def done(self) -> None:
        """Every key that nobody asked for is a mistake."""
        for name in self._nodes:
            if name not in self._seen:
                known = ", ".join(sorted(self._seen))
                self.wrong(name, f"is not known here; keys are: {known}")


def open_yaml(source: str, problems: list[Problem]) -> Section:
    """The top of the file; a syntax error or a key that stands twice becomes a problem."""
    try:
        return _section(problems, "", yaml.compose(source, Loader=yaml.SafeLoader), 1)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        problems.append(Problem(key="config.yml", line=line, advice=f"is not YAML here: {wrong.problem}"))
        return Section(problems, "", 1, {})


def _section(problems: list[Problem], path: str, node: yaml.Node | None, line: int) -> Section:
    here = node.start_mark.line + 1 if node is not None else line
    if not isinstance(node, yaml.MappingNode):
        if node is not None:
            problems.append(Problem(key=path or "config.yml", line=here, advice="must hold `key: value` lines"))
        return Section(problems, path, here, {})
    nodes: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in nodes:
            advice = "stands twice; keep one"
            problems.append(Problem(key=f"{path}.{key.value}".strip("."), line=key.start_mark.line + 1, advice=advice))
        nodes[str(key.value)] = value
    return Section(problems, path, here, nodes)


def _plain(node: yaml.Node) -> Any:
    return yaml.SafeLoader.construct_document(_Loader(""), node)


class _Loader(yaml.SafeLoader):
    """SafeLoader for one composed node."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def among(allowed: tuple[str, ...]) -> Callable[[object], str]:
    """A `kind` for Section.get: one of these words."""

    def check(value: object) -> str:
        if value not in allowed:
            raise ValueError
        return str(value)

    return check
