"""Serves a trained model on loopback, in Rasa's environment: `POST /model/parse` and `GET /status`, as Rasa does.

    VECINO_NLU_TOKEN=... nlu/.venv/bin/python nlu/serve.py var/models/<hash>.tar.gz [--port 0] [--alone]

Started by nlu/child.py: the first line on stdout is `{"port": 40123}` when it is ready or `{"failed": "why"}`; after it
nothing is ever written, by anyone, to stdout or stderr, so that no citizen's word can be. It ends when its stdin closes
or its parent dies, `kill -9` included; `--alone` lets it live by itself. Each request carries `?token=`.

A text is cut at 2,000 characters, a body refused from 64 KB. The same model under `rasa run` (Sanic) and here, two busy
cores, 8 connections: 176 and 337 parses/s, 2.9 and 2.0 ms of CPU each, 578 and 146 MB, 20 and 3 s to load.
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

LONGEST = 2_000
_LARGEST = 64 * 1024
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
        app = _application(options.model, token)
    except Exception as why:  # noqa: BLE001 - whatever it is, the parent is told; no citizen has spoken yet
        _announce({"failed": f"{type(why).__name__}: {why}"})
        sys.exit(1)
    _serve(app, options.host, options.port)


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


def _application(model: Path, token: str) -> Any:
    from aiohttp import web
    from components.graph import Model  # after _silence: Rasa warns and logs while it is imported

    loaded = Model(model)

    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        if not hmac.compare_digest(request.query.get("token", "").encode(), token.encode()):
            return web.json_response({"reason": "NotAuthenticated"}, status=401)
        return await handler(request)

    async def parse(request: web.Request) -> web.Response:
        try:
            text = json.loads(await request.read())["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            return web.json_response({"reason": 'the body must be JSON: {"text": "..."}'}, status=400)
        return web.json_response(loaded.parse(text[:LONGEST]))

    async def status(_request: web.Request) -> web.Response:
        return web.json_response({"model_file": model.name, "data_hash": loaded.data})

    app = web.Application(middlewares=[guard], client_max_size=_LARGEST)
    app.add_routes([web.post("/model/parse", parse), web.get("/status", status)])
    loaded.parse("bache en la calle 5")  # the first message is not the one that waits for lazy imports
    return app


def _serve(app: Any, host: str, port: int) -> None:
    import asyncio

    import uvloop
    from aiohttp import web

    async def run() -> None:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        await site.start()
        _announce({"port": runner.addresses[0][1]})
        _close_outputs()
        await asyncio.Event().wait()

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
