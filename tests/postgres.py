"""A PostgreSQL of the tests' own: one cluster per test process, in a temporary folder, reached by a socket in it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER = "postgres"  # PostgreSQL refuses to run as root


class Missing(Exception):
    """What PostgreSQL needs and this machine lacks; tests skip with these words."""


class Cluster:
    """A running server. Without fsync for tests: what is tested is the store, not the disk."""

    def __init__(self, folder: Path, binaries: Path, *, fsync: bool = False) -> None:
        self._folder, self._binaries, self._fsync = folder, binaries, "on" if fsync else "off"

    def url(self, database: str) -> str:
        return f"postgresql://{_OWNER}@/{database}?host={self._folder}"

    @property
    def pid(self) -> int:
        """Of the running server."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def init(self) -> None:
        self._run("initdb", "-A", "trust", "-U", _OWNER, "-E", "UTF8", "--no-locale", "--no-sync")

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c max_connections=60"
        options += f" -c fsync={self._fsync}"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self, *, clean: bool = False) -> None:
        self._run("pg_ctl", "-w", "-m", "fast" if clean else "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _OWNER, "--", *command]
        # Not captured: the server would inherit the pipe and keep it open.
        done = subprocess.run(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{program} {arguments[-1:]} failed with status {done.returncode}")


@contextmanager
def running(*, fsync: bool = False, copied: Path | None = None) -> Iterator[Cluster]:
    """A started cluster, stopped and removed at the end; raises Missing. Benchmarks turn `fsync` on, and begin with one
    that was `copied` from the folder of `making`."""
    programs = binaries()
    with tempfile.TemporaryDirectory(prefix="vecino-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            _give_away(folder)
        cluster = Cluster(folder, programs, fsync=fsync)
        if copied:
            subprocess.run(["cp", "-a", str(copied / "data"), name], check=True)  # its owner with it
        else:
            cluster.init()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def making(folder: Path) -> Iterator[Cluster]:
    """A started cluster that stays in this folder when it is stopped; raises Missing."""
    cluster = Cluster(folder, binaries(), fsync=True)
    if os.geteuid() == 0:
        _give_away(folder)
    cluster.init()
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop(clean=True)


def binaries() -> Path:
    """The folder with initdb and pg_ctl: on the PATH, where pg_config says, or where Debian puts them."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise Missing("PostgreSQL's initdb and pg_ctl were not found (Debian: apt-get install postgresql)")


def _candidates() -> Iterator[Path]:
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    config = shutil.which("pg_config")
    if config:
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True)
        yield Path(said.stdout.strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _give_away(folder: Path) -> None:
    if not shutil.which("runuser"):
        raise Missing("PostgreSQL refuses to run as root, and runuser (util-linux) is not there to change that")
    try:
        shutil.chown(folder, _OWNER)
    except LookupError:
        raise Missing(f"PostgreSQL refuses to run as root, and there is no user {_OWNER}") from None
