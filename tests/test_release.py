"""What `make dist` makes runs where no checkout is: the wheel alone, in an environment of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from bot import __version__, release
from bot.environments import VENDOR
from nlu.child import rasa_python
from nlu.train import data_hash

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("dist") / "out"
    release.build(into)
    return into


@pytest.fixture(scope="session")
def installed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `vecino` of an environment that holds our wheel, and of the libraries what the tests' own environment has."""
    folder = tmp_path_factory.mktemp("town") / "venv"
    venv.create(folder, with_pip=False)
    ours = next(Path(p) for p in sys.path if p.endswith("site-packages"))
    theirs = next(folder.glob("lib/python3.*/site-packages"))
    (theirs / "libraries.pth").write_text(f"{ours}\n")
    uv = Path(sys.executable).parent / "uv"
    wheel = made / f"vecino-{__version__}-py3-none-any.whl"
    subprocess.run(
        [uv, "pip", "install", "-q", "--offline", "--no-deps", "--python", folder / "bin" / "python", wheel],
        check=True, timeout=PATIENCE, capture_output=True,
    )  # fmt: skip
    return folder / "bin" / "vecino"


def outside(town: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing leads back to the checkout, save Rasa's interpreter."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VECINO", "PYTHON"))}
    return {**kept, "VECINO_VAR": str(town / "var"), "VECINO_NLU_PYTHON": str(rasa_python()), **more}


@pytest.fixture
def town(tmp_path: Path, installed: Path) -> Path:
    run(installed, tmp_path, "init", ".")
    return tmp_path


def run(vecino: Path, town: Path, *words: str, **more: str) -> str:
    done = subprocess.run(
        [vecino, *words], cwd=town, env=outside(town, **more), capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_knows_its_version(town: Path, installed: Path) -> None:
    assert run(installed, town, "--version") == f"Vecino {__version__}\n"


def test_a_city_begins_with_a_file_that_is_right_and_is_not_written_over(town: Path, installed: Path) -> None:
    assert (town / "config.yml").read_bytes() == (ROOT / "config.yml").read_bytes()
    run(installed, town, "check")
    again = subprocess.run(
        [installed, "init", "."], cwd=town, env=outside(town), capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert "stands there already" in again.stderr


def test_the_database_is_made_by_the_wheels_own_migrations(town: Path, installed: Path) -> None:
    run(installed, town, "migrate")
    assert (town / "var" / "demo" / "vecino.db").exists()


def test_the_nlu_project_is_inside_and_is_the_one_of_the_checkout(town: Path, installed: Path) -> None:
    python = installed.parent / "python"
    told = subprocess.run(
        [python, "-c", "import nlu.train as t; print(t.data_hash()); print(t.__file__)"],
        cwd=town, env=outside(town), capture_output=True, text=True, check=True, timeout=PATIENCE,
    ).stdout.splitlines()  # fmt: skip
    assert told[0] == data_hash()
    assert not told[1].startswith(f"{ROOT}/")


@pytest.fixture
def served(town: Path, installed: Path) -> Iterator[str]:
    """Where the demo city listens, from the wheel, with the model that the tests' own checkout trained."""
    model = ROOT / "var" / "models" / f"{data_hash()}.tar.gz"
    (town / "var" / "models").mkdir(parents=True)
    shutil.copy(model, town / "var" / "models")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (town / "config.yml").open("a") as config:
        config.write(f"\nport: {port}\n")
    with (town / "log").open("wb") as log:
        bot = subprocess.Popen(
            [installed, "serve"], cwd=town, env=outside(town), stdout=subprocess.PIPE,
            stderr=log, text=True,
        )  # fmt: skip
        try:
            assert bot.stdout is not None
            for line in bot.stdout:
                if "ready" in line.lower():
                    break
            else:
                raise AssertionError((town / "log").read_text())
            yield f"http://127.0.0.1:{port}"
        finally:
            bot.send_signal(signal.SIGTERM)
            bot.communicate(timeout=PATIENCE)


def test_it_serves_pages_templates_styles_and_catalogues_and_understands(served: str) -> None:
    page = read(f"{served}/", language="pt")
    assert "Puerto Vecino" in page
    assert "{{" not in page
    for path in ("/try", "/static/vecino.css", "/static/vendor/leaflet/leaflet.js", "/healthz"):
        assert read(f"{served}{path}"), path


def read(url: str, language: str = "es") -> str:
    asked = urllib.request.Request(url, headers={"Accept-Language": language})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        return answer.read().decode()


def test_the_wheel_holds_what_runs_and_nothing_that_was_made_by_running(made: Path) -> None:
    names = zipfile.ZipFile(made / f"vecino-{__version__}-py3-none-any.whl").namelist()
    for wanted in (
        "bot/sample/config.yml", "locales/pt/LC_MESSAGES/messages.po", "web/templates/ticket.html",
        "store/migrations/versions/0001_first_tables.py", "nlu/data/es.yml", "nlu/config.yml", "nlu/domain.yml",
        "nlu/requirements.txt", "digest/templates/digest.typ", "web/static/vendor/leaflet/LICENSE",
        f"vecino-{__version__}.dist-info/licenses/LICENSE", f"vecino-{__version__}.dist-info/licenses/NOTICE",
    ):  # fmt: skip
        assert wanted in names, wanted
    for name in names:
        assert not any(part in name for part in (".venv", "__pycache__", "node_modules", "var/", "tests/")), name


def test_the_source_archive_holds_the_tests_and_can_be_built_again(made: Path, tmp_path: Path) -> None:
    with tarfile.open(made / f"vecino-{__version__}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    [root] = tmp_path.iterdir()
    for wanted in ("tests/test_release.py", "Makefile", "docs/architecture.md", "deploy/README.md", "LICENSE"):
        assert (root / wanted).exists(), wanted
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "again"],
        cwd=root, check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    again = zipfile.ZipFile(root / "again" / f"vecino-{__version__}-py3-none-any.whl").namelist()
    first = zipfile.ZipFile(made / f"vecino-{__version__}-py3-none-any.whl").namelist()
    assert sorted(again) == sorted(first)


def test_the_same_commit_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    release.build(tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_text() == (made / "SHA256SUMS").read_text()


def test_the_bill_of_materials_is_valid_and_holds_both_locks_and_the_pages_libraries(made: Path) -> None:
    written = (made / f"vecino-{__version__}.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    bill = json.loads(written)
    where = {(part["name"], part["properties"][0]["value"]) for part in bill["components"]}
    assert {("aiohttp", "the bot"), ("rasa", "Rasa's own process"), ("htmx.org", "the desk's pages")} <= where
    pinned = sum(line[:1].isalnum() for lock, _ in release._LOCKS for line in (ROOT / lock).read_text().splitlines())
    assert len(bill["components"]) == pinned + 2
    assert "://" not in json.dumps(bill["components"])


def test_a_version_of_which_the_changelog_does_not_tell_is_not_released(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.9.0 (2026-01-01)\n")
    with pytest.raises(release.Unreleasable, match=r"newest version is 0\.9\.0, bot/__init__\.py says 1\.0\.0"):
        release.check(tmp_path, "1.0.0")


def test_this_version_can_be_released_once_everything_is_set_up() -> None:
    if not VENDOR.exists():
        pytest.skip("needs the pages' libraries, which `make setup` fetches with npm")
    release.check(ROOT, __version__)


def test_without_the_pages_libraries_nothing_is_released(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("## 1.0.0 (2026-11-23)\n")
    with pytest.raises(release.Unreleasable, match="run `make setup`"):
        release.check(tmp_path, "1.0.0")
