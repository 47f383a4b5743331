"""What README and the documents name is there: links and headings, paths, addresses, flags, keys and settings."""

import argparse
import ast
import re
import subprocess
from collections.abc import Iterator

import pytest
import yaml

import channels
from bot.commands.parser import parser
from tests.documents import ROOT, Document, documents, subcommands

DOCUMENTS = documents()
FOREIGN = {"--scale"}  # flags of other programs
ELSEWHERE = (
    "var/",
    "web/static/vendor",
    "nlu/.venv",
    "deploy/vecino.env",
    "deploy/city",
)  # made by running, in no checkout at first


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_what_is_linked_to_is_there(document: Document) -> None:
    for link in document.links():
        path, _, place = link.partition("#")
        target = (document.path.parent / path).resolve() if path else document.path
        assert target.exists(), f"{document.name} links to {link}"
        assert not place or place in Document(target).anchors(), f"{document.name} links to {link}: no such heading"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_paths_that_are_named_are_there(document: Document) -> None:
    folders = "bot|nlu|channels|handlers|tickets|store|web|locales|tests|deploy|benchmarks|docs|digest"
    for code in document.code():
        for path in re.findall(rf"(?<![\w/.<-])((?:{folders})/[\w./*{{}},-]*[\w/*}}])(?![\w<])", code.text):
            if code.block or path.startswith(ELSEWHERE) or "}" in path:
                continue
            assert path_is_there(path), f"{document.name}:{code.line} names {path}"


def path_is_there(path: str) -> bool:
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


def test_documents_that_are_named_anywhere_are_there() -> None:
    kinds = (".py", ".yml", ".sh", ".toml", ".md", ".conf", ".service", "Makefile")
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split() or [p.relative_to(ROOT).as_posix() for p in ROOT.glob("*/**/*.py")]
    for name in names:
        if not name.endswith(kinds) or name.startswith(("docs/adr", "CHANGELOG")) or not (ROOT / name).exists():
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        for path, place in re.findall(r"(?<![\w/])((?:docs|deploy)/[\w./-]+\.md)(?:#([\w-]+))?", text):
            assert (ROOT / path).exists(), f"{name} names {path}"
            assert not place or place in Document(ROOT / path).anchors(), f"{name} names {path}#{place}"


def test_addresses_of_the_desk_that_are_named_are_there() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "web").rglob("*.py"))
    for document in DOCUMENTS:
        for code in document.code():
            for room in re.findall(r"(?<![\w>])/desk/[a-z-]+", code.text):
                assert f'"{room}' in sources, f"{document.name}:{code.line} names {room}"


def test_flags_that_are_named_are_there() -> None:
    ours = (
        path.read_text(encoding="utf-8")
        for path in [*ROOT.glob("benchmarks/**/*.py"), *ROOT.glob("nlu/*/*.py"), ROOT / "tests/fuzz/__main__.py"]
    )
    known = {*_flags(parser()), *FOREIGN, *re.findall(r'\badd(?:_argument)?\(\s*"(--[a-z-]+)"', "".join(ours))}
    for document in DOCUMENTS:
        for code in document.code():
            flag = re.match(r"--[a-z][a-z-]+", code.text)
            assert code.block or not flag or flag[0] in known, f"{document.name}:{code.line} names {code.text}"


def _flags(top: argparse.ArgumentParser) -> Iterator[str]:
    for action in top._actions:
        yield from action.option_strings
    for one in subcommands(top).values():
        yield from _flags(one)


TOLD = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
GETTERS = {"get", "section", "sections", "named", "text", "texts", "raw", "has"}


def keys_that_are_read() -> set[str]:
    """By bot/settings and bot/config.py, as words in their calls, and by the channels."""
    found = {option for name in ("telegram", "sms", "whatsapp", "email") for option in channels.load(name).OPTIONS}
    for path in [*(ROOT / "bot" / "settings").glob("*.py"), ROOT / "bot" / "config.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GETTERS:
                found |= {str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant)}
    return found - {"PYTHONPATH"}


def keys_that_are_written() -> set[str]:
    """In config.yml, save those that are words of the city: codes, languages, days."""
    file = (ROOT / "config.yml").read_text(encoding="utf-8")
    own = {"file", "properties", "geometry", "date"}
    city = yaml.safe_load(file)
    inner = {
        key for name in ("city", "office", "calendar", "open", "desk", "talk", "wait", "guard") for key in city[name]
    }
    off = set(re.findall(r"^ *# (\w+): [\[{]", file, re.MULTILINE))
    return (set(city) | inner | off) - own


@pytest.mark.parametrize("key", sorted(keys_that_are_read() | keys_that_are_written()))
def test_every_key_of_the_city_s_file_is_told_of(key: str) -> None:
    assert re.search(rf"[`.]{key}[`.]", TOLD), f"docs/config.md does not tell what {key} is"


def test_every_setting_of_the_environment_is_told_of_and_no_other() -> None:
    sources = [path for folder in ("bot", "channels", "nlu", "web", "store") for path in (ROOT / folder).rglob("*.py")]
    read = set[str]()
    for path in sources:
        if ".venv" not in path.parts:
            read |= set(re.findall(r'"((?:VECINO|TWILIO|TELEGRAM|SMTP)_[A-Z0-9_]+)"', path.read_text(encoding="utf-8")))
    told = set(re.findall(r"`((?:VECINO|TWILIO|TELEGRAM|SMTP)_[A-Z0-9_]+)`", TOLD))
    assert read - told == set()
    assert told - read == set()


def test_pictures_say_in_words_what_they_show() -> None:
    drawn = sorted((ROOT / "docs" / "img").glob("connect-*.svg"))
    assert len(drawn) == 4
    for picture in drawn:
        text = picture.read_text(encoding="utf-8")
        assert re.search(r"<title id=\"t\">.{10,}</title>\n<desc id=\"d\">.{60,}</desc>", text), picture.name
        assert "href" not in text, f"{picture.name} fetches something"
