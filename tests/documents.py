"""The documents as they are written: headings, links, blocks and spans of code, and the commands in those."""

import argparse
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[1]
HISTORY = ("CHANGELOG.md", "docs/adr", "docs/transcripts")  # what was true then
_FENCE = re.compile(r"^ *(?:```|~~~)(.*)$")
_INDENTED = re.compile(r"^ {4,}(?=\S)")
_SPAN = re.compile(r"(`+)([^\n]+?)\1")
_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)|<img [^>]*?src=\"([^\"]+)\"")
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$")
_SETTING = re.compile(r"[A-Z][A-Z0-9_]*=.*")
_BEFORE = frozenset({"sudo", "export", "exec", "env"})
_ENDS = frozenset(";&|()<>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A line of a block, its backslashes joined, or a span; `how` is the block's own words, such as `sh run`."""

    line: int
    text: str
    how: str = ""
    block: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One that is typed: `tool` is `bot`, `make`, or a module that is run; `words` are its arguments."""

    where: str
    tool: str
    words: tuple[str, ...]
    block: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.tool} {' '.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Document:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def anchors(self) -> frozenset[str]:
        """As the places where repositories are shown make them of headings."""
        lines = [match[1] for line, fenced in _told(self.text) if not fenced and (match := _HEADING.match(line))]
        return frozenset(map(anchor, lines))

    def links(self) -> Sequence[str]:
        """To files, with anchors; not those to other sites."""
        plain = "\n".join(line for line, fenced in _told(self.text) if not fenced)
        found = [first or second for first, second in _LINK.findall(_SPAN.sub("", plain))]
        return [link for link in found if not re.match(r"[a-z]+:", link)]

    def code(self) -> Sequence[Code]:
        """Every line of a block, and every span."""
        return [*_blocks(self.text), *_spans(self.text)]

    def commands(self) -> Sequence[Command]:
        return [command for code in self.code() for command in _commands(self.name, code)]

    def runs(self) -> Sequence[str]:
        """The blocks that begin with three backticks and `sh run`: they are walked by the tests, in their order."""
        found = re.findall(r"^ *```sh run\n(.*?)^ *```$", self.text, re.MULTILINE | re.DOTALL)
        return tuple(map(dedent, found))


def documents() -> Sequence[Document]:
    """What tells how things are now."""
    found = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")])
    return [Document(path) for path in found if not path.relative_to(ROOT).as_posix().startswith(HISTORY)]


def anchor(heading: str) -> str:
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def _told(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is of a block."""
    inside = False
    for line in text.splitlines():
        fence = bool(_FENCE.match(line))
        yield line, inside or fence
        inside ^= fence


def _blocks(text: str) -> Iterator[Code]:
    inside, how, begun, kept = False, "", 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.match(line)
        if fence:
            inside, how = not inside, fence[1].strip()
            continue
        if not inside and not (_INDENTED.match(line) and not line.lstrip().startswith(("-", "*", "|", "1"))):
            continue
        begun = begun if kept else number
        kept += line.strip().removesuffix("\\")
        if line.endswith("\\"):
            continue
        yield Code(line=begun, text=kept, how=how if inside else "", block=True)
        kept = ""


def _spans(text: str) -> Iterator[Code]:
    for number, (line, fenced) in enumerate(_told(text), 1):
        if not fenced and not (_INDENTED.match(line) and "`" not in line):
            yield from (Code(line=number, text=match[2].strip()) for match in _SPAN.finditer(line))


def _commands(where: str, code: Code) -> Iterator[Command]:
    for words in _split(code.text):
        if found := _tool([word for word in words if word]):
            tool, arguments = found
            yield Command(where=f"{where}:{code.line}", tool=tool, words=tuple(arguments), block=code.block)


def _split(line: str) -> Iterator[list[str]]:
    """The commands of a line, as a shell parts them; none where it is no shell's."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    words: list[str] = []
    try:
        for word in reader:
            if set(word) <= _ENDS:
                yield words
                words = []
            else:
                words.append(word)
    except ValueError:
        return
    yield words


def _tool(words: list[str]) -> tuple[str, list[str]] | None:
    while words and (words[0] in _BEFORE or _SETTING.fullmatch(words[0])):
        words = words[1:]
    if words[:2] == ["docker", "compose"] and "web" in words and "run" in words:
        return "bot", words[words.index("web") + 1 :]
    if "-m" in words[1:] and Path(words[0]).name.startswith(("python", "systemd-run")):
        module, *rest = words[words.index("-m") + 1 :] or [""]
        return module, rest
    if len(words) > 1 and words[0] in ("vecino", "/usr/local/bin/vecino"):
        return "bot", words[1:]
    return ("make", words[1:]) if words[:1] == ["make"] else None


def subcommands(top: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The commands that may follow, by name."""
    found = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}
