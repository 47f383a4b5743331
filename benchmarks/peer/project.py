"""A small Rasa project with our pipeline, our data and a rule that answers each intent; trained once per change."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from nlu.child import NoRasa, rasa_python
from nlu.contract import OTHER_INTENTS, REPORT_INTENTS
from nlu.train import FOLDER, data_hash

ROOT = Path(__file__).parents[2]
_KEPT = ROOT / "var" / "peer"
_INTENTS = (*REPORT_INTENTS, *OTHER_INTENTS)


class PeerFailed(Exception):
    """The peer's model was not trained; the message names the log."""


def model() -> Path:
    """The trained project, from `var/peer` where it is there already. Raises NoRasa or PeerFailed."""
    target = _KEPT / f"{_hash()}.tar.gz"
    if not target.exists():
        _KEPT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=_KEPT) as folder:
            write(Path(folder))
            _train(Path(folder)).replace(target)
    return target


def write(folder: Path) -> None:
    """The project's files."""
    pipeline = yaml.safe_load((FOLDER / "config.yml").read_text(encoding="utf-8"))
    domain = yaml.safe_load((FOLDER / "domain.yml").read_text(encoding="utf-8"))
    shutil.copytree(FOLDER / "data", folder / "data")
    _dump(folder / "config.yml", pipeline | {"policies": [{"name": "RulePolicy"}]})
    _dump(folder / "domain.yml", domain | {"responses": {_answer(intent): _words(intent) for intent in _INTENTS}})
    _dump(folder / "data" / "rules.yml", {"version": "3.1", "rules": [_rule(intent) for intent in _INTENTS]})


def environment(folder: Path) -> dict[str, str]:
    """Of every command in the project: our components are found, one thread as for our own server."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(FOLDER.absolute()), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0",
        "RASA_TELEMETRY_ENABLED": "false", "RASA_CACHE_DIRECTORY": str(folder.absolute() / "cache"),
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
    }  # fmt: skip


def _hash() -> str:
    return hashlib.sha256(data_hash().encode() + Path(__file__).read_bytes()).hexdigest()[:16]


def _train(folder: Path) -> Path:
    python, log = rasa_python(), _KEPT / "training.log"
    if not python.exists():
        raise NoRasa(f"{python} is missing: Rasa's environment is not set up; run `make run` or `make test`")
    command = [str(python.absolute()), "-W", "ignore", "-m", "rasa", "train", "--fixed-model-name", "peer"]
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    trained = folder / "models" / "peer.tar.gz"
    if done.returncode or not trained.exists():
        raise PeerFailed(f"`rasa train` ended with status {done.returncode}; its words are in {log}")
    return trained


def _rule(intent: str) -> dict[str, Any]:
    return {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": _answer(intent)}]}


def _answer(intent: str) -> str:
    return f"utter_{intent}"


def _words(intent: str) -> list[dict[str, str]]:
    """About as long as what we answer."""
    return [{"text": f"Thank you, this was understood as {intent}. Is that right? Please answer yes or no."}]


def _dump(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
