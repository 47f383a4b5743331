"""What README and the documents tell to type is understood; what can run here is walked."""

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot import __version__
from bot.commands.parser import parser
from tests.documents import ROOT, Command, Document, anchor, documents, subcommands

DOCUMENTS = documents()
COMMANDS = [command for document in DOCUMENTS for command in document.commands()]
KEY = "the-key-of-this-test-s-own-town-and-of-no-other"
PATIENCE = 150.0  # seconds for one block
NOT_RUN = {  # why a command is only read here; its own tests run it
    ("serve",): "runs until it is stopped: tests/bot/test_process.py",
    ("rasa",): "runs until it is stopped, and needs a trained model: tests/nlu/test_child.py",
    ("chat",): "talks with a person, and loads Rasa: tests/bot/test_commands.py",
    ("parse",): "loads Rasa: tests/nlu/test_floors.py",
    ("train",): "takes a minute and 1 GB: `make test` begins with it",
    ("demo",): "fills a demo, not a live town: tests/bot/test_demo_commands.py",
    ("simulate",): "loads Rasa: tests/bot/test_simulate.py",
    ("nlu", "compare"): "trains a model: tests/bot/test_review.py",
    ("nlu", "use"): "needs two models: tests/bot/test_review.py",
    ("places", "import"): "needs a map: tests/nlu/gazetteer/test_import.py",
    ("import",): "needs the cases of another system: tests/bot/moving/test_command.py",
    ("init",): "the town has its config.yml already: tests/test_release.py",
    ("bounced",): "needs a mail that came back: tests/bot/test_bounced.py",
    (
        "digest",
    ): "draws and prints for seconds, so that only its list of readers is walked: tests/bot/test_digest_command.py",
    ("hook", "add"): "asks where a name leads: tests/bot/hooks/test_command.py",
    ("hook", "pause"): "needs a subscriber: tests/bot/hooks/test_command.py",
    ("hook", "resume"): "needs a subscriber: tests/bot/hooks/test_command.py",
    ("hook", "ping"): "asks a program elsewhere: tests/bot/hooks/test_command.py",
    ("hook", "replay"): "needs what happened: tests/bot/hooks/test_command.py",
    ("hook", "rotate"): "beside what is walked, one more of the same kind: tests/bot/hooks/test_command.py",
    ("hook", "remove"): "beside what is walked, one more of the same kind: tests/bot/hooks/test_command.py",
    ("key", "revoke"): "beside what is walked, one more of the same kind: tests/bot/test_key_commands.py",
}
FILLED = {
    "N": "1", "M": "1", "S": "1", "H": "3", "CODE": "es",
    "YYYY-MM-DD": "2026-11-01", "YYYY-MM": "2026-11", "YYYY-Www": "2026-W47",
}  # fmt: skip
SHIMS = {
    "vecino": 'exec "$TOWN_PYTHON" -m bot "$@"',
    "sudo": 'exec "$@"',
    "systemctl": 'echo "systemctl $*"',
}


def commands_of(tool: str) -> list[Command]:
    return [command for command in COMMANDS if command.tool == tool]


def leaves(top: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command there is, such as ("clerk", "add")."""
    below = subcommands(top)
    if not below:
        yield path
    for name, one in below.items():
        yield from leaves(one, (*path, name))


def path_of(words: Sequence[str]) -> tuple[str, ...]:
    """As far as the words name commands."""
    path, top = list[str](), parser()
    for word in words:
        if word.startswith("--config"):
            continue
        if word not in subcommands(top):
            break
        top = subcommands(top)[word]
        path.append(word)
    return tuple(path)


LEAVES = frozenset(leaves(parser()))


def typed(command: Command) -> list[str]:
    """What argparse would be given: brackets around what may be left out are none, names stand for a value."""
    words = [word.strip("[]").removesuffix("...") for word in command.words]
    return [FILLED.get(word, word) for word in words if word not in ("", "\u2026")]


def test_documents_are_read_as_they_are() -> None:
    assert len(DOCUMENTS) > 20
    assert len(commands_of("bot")) > 80
    assert {command.words[0] for command in commands_of("make")} >= {"run", "test", "dist"}
    assert anchor("What was set apart of a spool") == "what-was-set-apart-of-a-spool"
    assert anchor("What to do when ...") == "what-to-do-when-"


@pytest.mark.parametrize("command", commands_of("bot"), ids=str)
def test_vecino_understands_each_command(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    words = typed(command)
    if words == ["COMMAND"] or words[:1] == ["<command>"]:
        return
    path = path_of(words)
    if not command.block and path and len(path) == len(words):
        return  # a command's name, in the middle of a sentence
    with contextlib.suppress(SystemExit):
        parser().parse_args(words)
    assert "error:" not in capsys.readouterr().err, f"{command}: `python -m bot {' '.join(words)}` is not understood"


def test_every_command_is_told_of() -> None:
    told = {path_of(typed(command)) for command in commands_of("bot")}
    assert sorted(LEAVES - told) == []


def test_every_command_is_walked_or_has_its_reason() -> None:
    walked = {path_of(typed(command)) for command in walked_commands()}
    assert sorted(LEAVES - walked - NOT_RUN.keys()) == []
    assert sorted(path for path in NOT_RUN if path not in LEAVES) == []
    assert sorted(NOT_RUN.keys() & walked - {("digest",)}) == [], "it is walked: take it out of NOT_RUN"
    for why in NOT_RUN.values():
        tested = why.rpartition(": ")[2]
        assert not tested.startswith("tests/") or (ROOT / tested).exists(), tested


def walked_commands() -> list[Command]:
    return [
        command for document in DOCUMENTS for code in document.code() if code.how == "sh run"
        for command in Document.commands(document) if command.where == f"{document.name}:{code.line}"
    ]  # fmt: skip


@pytest.mark.parametrize("command", commands_of("make"), ids=str)
def test_make_has_each_target(command: Command) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for word in command.words:
        assert "=" in word or word in targets or word == "...", f"{command}: there is no target {word}"


@pytest.mark.parametrize(
    "command", [one for one in COMMANDS if one.tool.startswith(("benchmarks.", "tests.", "nlu."))], ids=str
)
def test_each_module_that_is_run_is_there(command: Command) -> None:
    assert importlib.util.find_spec(command.tool), f"{command}: there is no such module"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A live town on SQLite, and what stands for the machine around it."""
    etc, shims = tmp_path / "etc", tmp_path / "bin"
    (tmp_path / "var" / "models").mkdir(parents=True)
    etc.mkdir()
    shims.mkdir()
    sample = (ROOT / "config.yml").read_text(encoding="utf-8")
    (etc / "config.yml").write_text(sample.replace("mode: demo", "mode: live"), encoding="utf-8")
    for name, does in SHIMS.items():
        (shims / name).write_text(f"#!/bin/sh\n{does}\n")
        (shims / name).chmod(stat.S_IRWXU)
    return tmp_path


@pytest.mark.timeout(600)
@pytest.mark.parametrize("document", [one for one in DOCUMENTS if one.runs()], ids=lambda one: one.name)
def test_what_can_run_here_runs_in_its_order(document: Document, town: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("VECINO")},
        "PATH": f"{town / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TOWN_PYTHON": sys.executable,
        "VECINO_CONFIG": str(town / "etc" / "config.yml"), "VECINO_VAR": str(town / "var"),
        "VECINO_SECRET_KEY": KEY,
    }  # fmt: skip
    for block in document.runs():
        here = block.replace("/var/lib/vecino", str(town / "var")).replace("/etc/vecino", str(town / "etc"))
        done = subprocess.run(
            ["sh", "-e", "-u", "-c", here], cwd=town, env=environment, text=True, timeout=PATIENCE, check=False,
            input="a pass phrase of some words\n", capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{document.name}:\n{block}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("VECINO_NLU_TOKEN=a $b 'c'\n", "a $b 'c'"),
        ('VECINO_NLU_TOKEN="abcd efgh"\n', "abcd efgh"),
        ("VECINO_NLU_TOKEN='a$b\"'\n", 'a$b"'),
        ("VECINO_NLU_TOKEN= abc \t\r\n", "abc"),
        ("# a remark\nVECINO_NLU_TOKEN=a=b", "a=b"),  # no end of the line
    ],
)
def test_the_helper_of_the_installation_reads_the_settings_and_runs_what_it_is_given(
    town: Path, written: str, meant: str
) -> None:
    """As its own user, which here is whoever tests."""
    script = (ROOT / "deploy" / "vecino.sh").read_text(encoding="utf-8")
    me = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    code = town / "opt" / ".venv" / "bin"
    code.mkdir(parents=True, exist_ok=True)
    (code / "python").write_text('#!/bin/sh\necho "$VECINO_NLU_TOKEN|$VECINO_CONFIG|$*"\n')
    (code / "python").chmod(stat.S_IRWXU)
    (town / "etc" / "vecino.env").write_text("# a remark\nVECINO_NLU_TOKEN=\nSMTP_USER=none\n")
    (town / "etc" / "nlu.env").write_text(written, newline="")
    for real, here in (("/opt/vecino", "opt"), ("/etc/vecino", "etc"), ("/var/lib/vecino", "var")):
        script = script.replace(real, str(town / here))
    done = subprocess.run(
        ["sh", "-c", script.replace("= vecino ]", f"= {me} ]"), "vecino", "clerk", "add", "ana ruiz"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"{meant}|{town}/etc/config.yml|-m bot clerk add ana ruiz\n", done.stderr


def test_the_installation_names_the_version_that_it_is_of() -> None:
    told = set(re.findall(r"vecino-(\d+\.\d+\.\d+)", (ROOT / "docs/operations.md").read_text(encoding="utf-8")))
    assert __version__ in told
    assert len(told) == 2, "this version's, and one that is to come"


def test_the_shell_s_words_are_those_of_a_shell() -> None:
    checker = shutil.which("sh")
    assert checker
    for name in ("vecino.sh", "bounced.sh", "models.sh"):
        assert subprocess.run([checker, "-n", ROOT / "deploy" / name], check=False).returncode == 0
