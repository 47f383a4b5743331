"""What lies in deploy/ is read as its programs would read it, as far as they are here."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.parser import parser
from bot.roles.process import LIMIT
from nlu.evaluation.cases import HERE

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "vecino"}
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def lines(path: Path, key: str) -> list[str]:
    """The values of a unit's key."""
    return re.findall(rf"^{key}=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_container_of_rasa_is_given_its_token_alone_and_can_write_nothing_of_the_bots() -> None:
    rasa, train = OURS["rasa"], OURS["train"]
    assert (rasa["env_file"], list(rasa["environment"])) == ([], ["VECINO_NLU_TOKEN"])
    assert rasa["volumes"] == ["var:/var/lib/vecino:ro"]
    assert (train["env_file"], train["environment"]) == ([], {})


@pytest.mark.parametrize("name", OURS)
def test_each_container_runs_a_command_that_exists(name: str) -> None:
    parser().parse_args(OURS[name]["command"])


def test_each_unit_runs_a_command_that_exists() -> None:
    commands = [
        shlex.split(line) for unit in UNITS for line in (*lines(unit, "ExecStart"), *lines(unit, "ExecStartPre"))
    ]
    ours = [command[3:] for command in commands if command[1:3] == ["-m", "bot"]]
    assert len(ours) == 5
    for arguments in ours:
        parser().parse_args(arguments)


def test_rasa_has_a_user_of_its_own_who_is_given_none_of_the_bots_secrets() -> None:
    users = {unit.name: lines(unit, "User") for unit in UNITS if unit.suffix == ".service"}
    assert users.pop("vecino-rasa.service") == ["vecino-nlu"]
    assert all(one == ["vecino"] for one in users.values())
    rasa = DEPLOY / "systemd" / "vecino-rasa.service"
    assert lines(rasa, "EnvironmentFile") == ["/etc/vecino/nlu.env"]
    assert lines(rasa, "StateDirectory") == ["vecino-nlu"]
    assert lines(rasa, "InaccessiblePaths") == ["-/etc/vecino -/var/lib/vecino"]
    assert lines(rasa, "CapabilityBoundingSet") == [""]
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "useradd --system --home-dir /var/lib/vecino-nlu vecino-nlu" in told


def test_rasas_user_gets_the_models_and_nothing_else_and_what_is_gone_goes(tmp_path: Path) -> None:
    """With a `runuser` that changes nobody."""
    ours, theirs, tools = tmp_path / "vecino", tmp_path / "vecino-nlu", tmp_path / "bin"
    for folder in (ours / "models" / "tmp1", ours / "files", theirs / "models", tools):
        folder.mkdir(parents=True)
    for name in ("models/a.tar.gz", "models/in_use", "models/.training", "models/tmp1/x", "files/photo"):
        (ours / name).write_text(name)
    (theirs / "models" / "old.tar.gz").write_text("of somebody whose data is gone")
    (tools / "runuser").write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
    (tools / "runuser").chmod(0o755)
    script = (DEPLOY / "models.sh").read_text(encoding="utf-8").replace("/var/lib", str(tmp_path))
    for _ in range(2):
        done = subprocess.run(["sh", "-c", script], env={"PATH": f"{tools}:/usr/bin:/bin"}, capture_output=True)
        assert done.returncode == 0, done.stderr
        found = {str(path.relative_to(theirs)) for path in theirs.rglob("*") if path.is_file()}
        assert found == {"models/a.tar.gz", "models/in_use"}
    assert os.access(DEPLOY / "models.sh", os.X_OK)


def test_both_leave_a_process_the_time_to_finish_what_is_in_hand() -> None:
    seconds = [int(service["stop_grace_period"].removesuffix("s")) for service in OURS.values()]
    seconds += [int(value) for unit in UNITS for value in lines(unit, "TimeoutStopSec")]
    assert len(seconds) == len(OURS) + 2
    assert all(value > LIMIT + 10 for value in seconds)


def test_services_and_volumes_that_are_named_are_there() -> None:
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            there = source in COMPOSE["volumes"] or source == "./city" or (DEPLOY / source).exists()
            assert there, f"{source} is neither a volume nor a file of deploy/"


def test_images_are_named_by_their_official_names_alone() -> None:
    named = [service["image"] for service in COMPOSE["services"].values()]
    named += re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    assert len(named) >= 6
    for image in named:
        assert re.fullmatch(r"[a-z]+(:[\w.-]+)?", image), f"{image} names a host or a user"


def test_what_the_image_is_made_of_exists_and_nothing_is_missing() -> None:
    copied = [line.split()[1] for line in re.findall(r"^COPY (?!--from).*$", CONTAINER, re.MULTILINE)]
    for source in copied:
        assert (ROOT / source).exists(), source
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= set(copied)


def test_what_the_comparison_of_models_reads_is_in_the_image() -> None:
    """The sentences to measure on lie in the package, beside a report that no image needs."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    read = {"nlu", "nlu/evaluation", *(f"nlu/evaluation/{path.name}" for path in HERE.glob("*.jsonl"))}
    assert len(read) > 10
    assert read.isdisjoint(ignored)


def test_every_stage_that_is_copied_from_is_built_before() -> None:
    known: set[str] = set()
    for line in CONTAINER.splitlines():
        if stage := re.match(r"FROM \S+ AS (\w+)", line):
            known.add(stage[1])
        if source := re.match(r"COPY --from=(\w+)", line):
            assert source[1] in known


def test_settings_are_named_as_vecino_reads_them() -> None:
    settings = re.findall(r"^(\w+)=", (DEPLOY / "vecino.env.example").read_text(encoding="utf-8"), re.MULTILINE)
    sources = "".join(
        path.read_text(encoding="utf-8") for folder in ("bot", "channels") for path in (ROOT / folder).glob("*.py")
    )
    used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yml").read_text(encoding="utf-8")))
    for name in settings:
        assert f'"{name}"' in sources or name in used, name
    assert used <= set(settings)


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_braces_of_the_proxies_files_are_balanced(name: str) -> None:
    depth = 0
    for character in _without_comments(DEPLOY / name):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


def _without_comments(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from line.partition("#")[0]


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here (Debian: apt-get install systemd)")
    for unit in UNITS:  # programs that stand elsewhere than here
        source = unit.read_text(encoding="utf-8").replace("/opt/vecino/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(
            re.sub(r"/usr/bin/(pg_dump|tar)|/opt/vecino/deploy/models.sh", sys.executable, source), encoding="utf-8"
        )
    names = [unit.name.replace("@.", "@1.") for unit in UNITS]
    done = subprocess.run(
        [program, "verify", "--man=no", *names], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if "vecino" in line]
    assert complaints == []


def test_the_script_for_the_mail_server_s_pipe_runs_a_command_that_exists() -> None:
    script = DEPLOY / "bounced.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    command = shlex.split(script.read_text(encoding="utf-8").splitlines()[-1])
    assert command[:2] == ["exec", "deploy/vecino.sh"]
    assert os.access(DEPLOY / "vecino.sh", os.X_OK)
    parser().parse_args([*command[2:-1], "--folder", "/var/lib/vecino/bounces"])
