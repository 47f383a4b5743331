"""Serves a trained model on loopback, in Rasa's environment: `POST /model/parse` and `GET /status`, as Rasa does.

    VECINO_NLU_TOKEN=... nlu/.venv/bin/python nlu/serve.py var/models/<hash>.tar.gz [--port 0] [--alone]

Started by nlu/child.py: the first line on stdout is `{"port": 40123}` when it is ready or `{"failed": "why"}`; after it
nothing is ever written, by anyone, to stdout or stderr, so that no citizen's word can be. It ends when its stdin closes
or its parent dies, `kill -9` included; `--alone` lets it live by itself. Each request carries `?token=`.

A text is cut at 2,000 characters, a body refused from 64 KB. Why not `rasa run`, and figures: docs/adr/0005.
"""

import argparse
import ctypes
import hmac
import json
import logging
import os
import signal
import sys
import threading
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from wire import Answer, Answering, Wire  # beside this file: it is run as a script

LONGEST = 2_000
_ON_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


def main() -> None:
    options = _options()
    token = os.environ.pop("VECINO_NLU_TOKEN", "")
    if not token:
        sys.exit("Set VECINO_NLU_TOKEN: without a token anyone on this machine could ask.")
    if not options.alone:
        _die_with_parent()
    _silence()
    try:
        model = _loaded(options.model)
    except Exception as why:  # noqa: BLE001 - whatever it is, the parent is told; no citizen has spoken yet
        _announce({"failed": f"{type(why).__name__}: {why}"})
        sys.exit(1)
    _serve(_answering(model, token), options.host, options.port)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and says which")
    parser.add_argument("--alone", action="store_true", help="do not end with the parent")
    return parser.parse_args()


def _die_with_parent() -> None:
    """The kernel kills us when the parent is gone; where it cannot (not Linux), the closed stdin tells."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ON_PARENTS_DEATH, signal.SIGKILL)

    def wait_for_end() -> None:
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait_for_end, daemon=True).start()


def _silence() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    logging.raiseExceptions = False


def _loaded(model: Path) -> Any:
    from components.graph import Model  # after _silence: Rasa warns and logs while it is imported

    loaded = Model(model)
    loaded.parse("bache en la calle 5")  # the first message is not the one that waits for lazy imports
    return loaded


def _answering(model: Any, token: str) -> Answering:
    """What is said to a request: Rasa's two paths, behind the token."""

    def answer(method: str, url: str, body: bytes) -> Answer:
        path, _, query = url.partition("?")
        if not hmac.compare_digest(parse_qs(query).get("token", [""])[0].encode(), token.encode()):
            return 401, {"reason": "NotAuthenticated"}
        if (method, path) == ("GET", "/status"):
            return 200, {"model_file": f"{model.data}.tar.gz", "data_hash": model.data}
        if (method, path) == ("POST", "/model/parse"):
            return _parsed(model, body)
        return 404, {"reason": "NotFound"}

    return answer


def _parsed(model: Any, body: bytes) -> Answer:
    try:
        text = json.loads(body)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        text = None
    if not isinstance(text, str):
        return 400, {"reason": 'the body must be JSON: {"text": "..."}'}
    return 200, model.parse(text[:LONGEST])


def _serve(answering: Answering, host: str, port: int) -> None:
    import asyncio

    import uvloop

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Wire(answering), host, port)
        _announce({"port": server.sockets[0].getsockname()[1]})
        _close_outputs()
        await server.serve_forever()

    uvloop.install()
    asyncio.run(run())


def _announce(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _close_outputs() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


if __name__ == "__main__":
    main()
