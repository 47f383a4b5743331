"""Reads YAML with the line of every key, and collects every mistake instead of stopping at the first."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # "\0" and the like can be written in YAML, and sent to nobody
_BROKEN = (
    ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError, yaml.YAMLError,
    OSError,  # a time zone that is a folder (`America`), or longer than any file's name
)  # fmt: skip


class Mistake(StrEnum):
    """Kinds of mistakes that can be made in the desk's forms too."""

    MISSING = "missing"
    UNFIT = "unfit"  # no value of this key
    LONG = "long"  # `shown`: how much is room for
    VARIABLE = "variable"  # `shown` stands for nothing
    ROW = "row"  # `shown` is no row of words
    TWICE = "twice"
    MENU = "menu"  # with all others it does not fit into its message
    AREA = "area"  # `shown` is no area
    EMPTY = "empty"  # a rule that names nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake: which key, on which line (0: it stands in no file), and what to do. For the desk's forms `what` says
    of which kind it is (None: no form can make it), `at` in which language or part, `shown` what is wrong."""

    key: str
    line: int
    advice: str
    what: Mistake | None = None
    at: str = ""
    shown: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.key}: {self.advice}" if self.line else f"{self.key}: {self.advice}"


class Section:
    """One mapping of the file. Each getter notes a problem and gives a harmless value when something is wrong."""

    def __init__(self, problems: list[Problem], path: str, line: int, nodes: Mapping[str, yaml.Node]) -> None:
        self.problems, self.path, self.line = problems, path, line
        self._nodes = nodes
        self._seen: set[str] = set()

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def line_of(self, name: str) -> int:
        """The line of a key, or of the section where the key is missing."""
        node = self._nodes.get(name)
        return node.start_mark.line + 1 if node is not None else self.line

    def wrong(
        self, name: str, advice: str, what: Mistake | None = None, *, at: str = "", shown: str = ""
    ) -> None:  # fmt: skip
        line = self.line_of(name)
        self.problems.append(Problem(key=self.key(name), line=line, advice=advice, what=what, at=at, shown=shown))

    def has(self, name: str) -> bool:
        return name in self._nodes

    def names(self) -> tuple[str, ...]:
        """Its keys, where they are words of others."""
        return tuple(self._nodes)

    def get(self, name: str, kind: Callable[[Any], T], what: str, default: T, *, required: bool = True) -> T:
        """The value of a key turned by `kind`, which may raise whatever a value of the wrong type leads to."""
        self._seen.add(name)
        if name not in self._nodes:
            if required:
                self.wrong(name, f"is missing; write {what}", Mistake.MISSING)
            return default
        try:
            return kind(_plain(self._nodes[name]))
        except _Twice as twice:
            self.wrong(name, f"has `{twice}` twice; keep one")
        except _BROKEN:
            self.wrong(name, f"must be {what}", Mistake.UNFIT)
        return default

    def text(self, name: str, what: str = "some text", default: str | None = None) -> str:
        return self.get(name, some_text, what, default or "", required=default is None)

    def texts(self, name: str, languages: tuple[str, ...]) -> dict[str, str]:
        """A text for each of the city's languages."""
        found: dict[object, object] = self.get(name, _filled, f"one text for each of {', '.join(languages)}", {})
        for language in languages:
            if found and not _is_text(found.get(language)):
                self.wrong(name, f"has no {language}; add `{language}: some text`", Mistake.MISSING, at=language)
        for language in sorted(set(map(str, found)) - set(languages)):
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
        whatever: Callable[[object], object] = lambda value: value  # noqa: E731 - has no name
        return self.get(name, whatever, "plain YAML", None, required=False)

    def skip(self, names: frozenset[str]) -> None:
        self._seen |= names

    def skip_all(self) -> None:
        """Of something switched off: what stands here is looked at when it is on."""
        self._seen |= self._nodes.keys()

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
    except yaml.reader.ReaderError as wrong:
        line = source.count("\n", 0, wrong.position) + 1
        problems.append(Problem(key="config.yml", line=line, advice="has a character that no text may have; remove it"))
    except (ValueError, OverflowError, RecursionError):  # "\UFFFFFFFF", thousands of brackets: the library says no line
        advice = "is not YAML: it is nested too deeply, or names a character that does not exist"
        problems.append(Problem(key="config.yml", line=0, advice=advice))
    return Section(problems, "", 1, {})


def _section(problems: list[Problem], path: str, node: yaml.Node | None, line: int) -> Section:
    here = node.start_mark.line + 1 if node is not None else line
    if not isinstance(node, yaml.MappingNode):
        if node is not None:
            problems.append(Problem(key=path or "config.yml", line=here, advice="must hold `key: value` lines"))
        return Section(problems, path, here, {})
    nodes: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        if name in nodes or name == "?":
            advice = "stands twice; keep one" if name in nodes else "is no key; write one word before the colon"
            problems.append(Problem(key=f"{path}.{name}".strip("."), line=key.start_mark.line + 1, advice=advice))
        nodes[name] = value
    return Section(problems, path, here, nodes)


def _plain(node: yaml.Node) -> Any:
    return yaml.SafeLoader.construct_document(_Loader(""), node)


class _Twice(ValueError):
    """This key stands twice."""


class _Loader(yaml.SafeLoader):
    """SafeLoader for one composed node, in which no key stands twice: the second one would win and nobody know."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the library's signature
        keys = [str(key.value) for key, _ in node.value]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise _Twice(twice)
        return super().construct_mapping(node, deep=deep)


def some_text(value: object) -> str:
    """A `kind` for Section.get: some text."""
    if not isinstance(value, str) or not _is_text(value):
        raise ValueError
    return value


def some_texts(value: object) -> tuple[str, ...]:
    """A `kind` for Section.get: a list of texts."""
    if not isinstance(value, list):
        raise TypeError
    return tuple(some_text(item) for item in value)


def networks(value: object) -> tuple[str, ...]:
    """A `kind` for Section.get: a list of networks, or of single addresses."""
    return tuple(str(ip_network(one)) for one in some_texts(value))  # raises ValueError for what is none


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not _CONTROL.search(value)


def _filled(value: object) -> dict[object, object]:
    if not isinstance(value, dict) or not value:
        raise ValueError
    return value


def among(allowed: tuple[str, ...]) -> Callable[[object], str]:
    """A `kind` for Section.get: one of these words."""

    def check(value: object) -> str:
        if value not in allowed:
            raise ValueError
        return str(value)

    return check
