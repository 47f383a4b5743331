"""Twilio's official OpenAPI served by Prism, which checks what we send. It is stateless and never calls back."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers import npm

_SHARED = Path(__file__).parents[2].parent / "shared" / "peers"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Its address. `folder` takes the spec and the log; skips where the spec or npm is missing."""
    spec, overlay = _SHARED / "twilio_api_v2010.json", _SHARED / "twilio_overlay.py"
    if not spec.is_file():
        pytest.skip("../shared/peers/twilio_api_v2010.json is missing: Twilio's official OpenAPI for Prism")
    program = npm.installed() / "@stoplight" / "prism-cli" / "dist" / "index.js"
    subprocess.run([sys.executable, overlay, spec, folder / "overlay.json"], check=True, timeout=60)
    port = _free_port()
    command = [shutil.which("node") or "node", str(program), "mock", "-h", "127.0.0.1", "-p", str(port), "overlay.json"]
    with (folder / "prism.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it listens; the clock here is the machine's, for it is another program that starts."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("Prism did not start; its log is prism.log in the test's folder")
