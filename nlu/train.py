"""Training: check the data, run Rasa in its own environment, keep the model under the hash of what it was made from."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nlu import learned
from nlu.child import NoRasa, rasa_python
from nlu.chosen import chosen, is_taught
from nlu.dataset import load, read

FOLDER = Path(__file__).parent
_PARTS = ("data/*.yml", "config.yml", "domain.yml", "components/*.py", "components/*.json", "requirements.txt")
_OBEYS = "RegexMessageHandler"  # Rasa puts it last, so it is the target
_SCRATCH, _KILLED = "tmp", 3600.0  # names of scratch folders begin so; older than so many seconds nobody works in one
Say = Callable[[str], None]


class TrainingFailed(Exception):
    """Rasa could not train, and the message names the log that says why; or its data changed meanwhile."""


def data_hash(folder: Path = FOLDER) -> str:
    """What a model depends on, as 16 hex digits: the data, the pipeline, the components and Rasa's pins."""
    digest = hashlib.sha256()
    for path in sorted(path for part in _PARTS for path in folder.glob(part)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def model_path(models: Path, folder: Path = FOLDER) -> Path:
    """The model to serve. The one that was chosen (`nlu.chosen`); where it is of other data than ours and was taught by
    clerks, ours with what they taught; else that of our data alone; else any of our data, the newest first."""
    name, ours = chosen(models), data_hash(folder)
    new, plain = candidate(models, folder), models / f"{ours}.tar.gz"
    first = [models / name] if name.startswith(ours) else [new] if is_taught(name) else []
    found = next((path for path in (*first, plain) if path.exists()), None)
    return found or max(models.glob(f"{ours}*.tar.gz"), key=lambda path: path.stat().st_mtime, default=new)


def candidate(models: Path, folder: Path = FOLDER) -> Path:
    """Where the model of our data and of what clerks taught is, or will be: `<hash>.tar.gz`, or `<hash>-<hash of what
    was taught>.tar.gz`. It serves only once it is chosen."""
    digest, files = hashlib.sha256(), learned.files(models.parent / "nlu")
    for path in files:
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    taught = f"-{digest.hexdigest()[:8]}" if files else ""
    return models / f"{data_hash(folder)}{taught}.tar.gz"


def train(models: Path, say: Say, *, folder: Path = FOLDER, python: Path | None = None) -> Path:
    """Train on the data and on what clerks taught (`nlu` beside `models`), unless it is done already. `say` gets
    progress, a line at a time. Raises DataError with file and line, NoRasa or TrainingFailed. A model appears whole or
    not at all; which one serves is not changed."""
    target = candidate(models, folder)
    if target.exists():
        say(f"the model {target.name} is trained already")
    else:
        _make(target, say, folder, python)
    if (serves := model_path(models, folder)) != target:
        say(f"{serves.name} goes on serving: `make eval` compares, `python -m bot nlu use {target.name}` swaps")
    return target


def _make(target: Path, say: Say, folder: Path, python: Path | None) -> None:
    models = target.parent
    examples, taught = load(folder / "data"), learned.files(models.parent / "nlu")
    lessons = [example for path in taught for example in read(path, path.stem)]
    say(f"training on {len(examples)} examples" + (f" and {len(lessons)} from clerks" if lessons else ""))
    interpreter = python or rasa_python()
    if not interpreter.exists():
        raise NoRasa(f"{interpreter} is missing: Rasa's environment is not set up; run `make run` or `make test`")
    models.mkdir(parents=True, exist_ok=True)
    _sweep(models)
    with TemporaryDirectory(dir=models, prefix=_SCRATCH) as scratch:
        _gather(folder / "data", taught, Path(scratch) / "data")
        _run(interpreter, folder, Path(scratch), models / f"training-{target.name[:16]}.log", say)
        slim(Path(scratch) / "trained.tar.gz", Path(scratch) / "slim.tar.gz")
        if candidate(models, folder) != target:  # a sentence that was erased meanwhile would be in it
            raise TrainingFailed("What is accepted changed during the training; train again")
        (Path(scratch) / "slim.tar.gz").replace(target)
    say(f"{target.name} is ready, {target.stat().st_size / 1e6:.1f} MB")


def _sweep(models: Path) -> None:
    """Remove what a training that was killed left behind: what clerks taught lies in it."""
    for left in models.glob(f"{_SCRATCH}*"):
        if time.time() - left.stat().st_mtime > _KILLED:
            shutil.rmtree(left, ignore_errors=True)


def _gather(data: Path, taught: Sequence[Path], into: Path) -> None:
    """All examples in one folder, as Rasa wants them."""
    shutil.copytree(data, into)
    for path in taught:
        shutil.copy(path, into / f"taught_{path.name}")


def _run(python: Path, folder: Path, scratch: Path, log: Path, say: Say) -> None:
    began = time.monotonic()
    arguments = (
        "-m", "rasa", "train", "nlu", "--config", "config.yml", "--domain", "domain.yml",
        "--nlu", str((scratch / "data").resolve()), "--out", str(scratch.resolve()), "--fixed-model-name", "trained",
    )  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [python.absolute(), "-W", "ignore", *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder, env=_environment(scratch),
        )  # fmt: skip
        try:
            while not _ended(process, seconds=5):
                say(f"... {time.monotonic() - began:.0f} s")
        finally:
            process.kill()  # only when we are interrupted; else it has ended
            process.wait()
    if process.returncode != 0 or not (scratch / "trained.tar.gz").exists():
        raise TrainingFailed(f"Rasa ended with status {process.returncode}; its words are in {log}")


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _environment(scratch: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ}
    return kept | {
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str((scratch / "cache").resolve()),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def slim(trained: Path, target: Path) -> None:
    """A Rasa archive without what only training needs, and without the node that obeys texts beginning with `/`:
    to load these would import TensorFlow. It stays an archive that Rasa itself loads."""
    import tarfile  # only who trains needs it

    with tarfile.open(trained) as source, tarfile.open(target, "w:gz", compresslevel=6) as copy:
        for member in source.getmembers():
            content = source.extractfile(member)
            if content is None:
                copy.addfile(member)
                continue
            data = content.read()
            if Path(member.name).name == "metadata.json":
                data = json.dumps(_slimmed(json.loads(data))).encode()
                member.size = len(data)
            copy.addfile(member, io.BytesIO(data))


def _slimmed(metadata: dict[str, Any]) -> dict[str, Any]:
    nodes: dict[str, Any] = metadata["predict_schema"]["nodes"]
    target: str = metadata["nlu_target"]
    if _OBEYS in target:
        target = nodes.pop(target)["needs"]["messages"]
    return {**metadata, "train_schema": {"nodes": {}}, "predict_schema": {"nodes": nodes}, "nlu_target": target}
