"""The real model behind a real server, started once for a test session."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

from nlu.child import NoRasa, command, environment
from nlu.client import Address
from nlu.train import model_path

ROOT = Path(__file__).parents[1]


@contextmanager
def running() -> Iterator[Address]:
    """Raises NoRasa when the environment or the model is missing (`make test` makes both)."""
    run = command(model_path(ROOT / "var" / "models"))
    run.check()
    token = token_urlsafe(24)
    arguments = [str(run.python), str(run.server), str(run.model)]
    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(token)
    )
    try:
        first = json.loads(process.stdout.readline() if process.stdout else "{}")
        if "port" not in first:
            raise NoRasa(f"Rasa did not start: {first.get('failed', 'no reason given')}")
        yield Address(url=f"http://127.0.0.1:{first['port']}", token=token)
    finally:
        process.kill()
        process.communicate()
