"""Training: check the data, run Rasa in its own environment, keep the model under the hash of what it was made from."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nlu import learned, remembered, scratch
from nlu.child import NoRasa, rasa_python
from nlu.chosen import chosen, is_taught, mark
from nlu.dataset import load, read
from nlu.scratch import training

FOLDER = Path(__file__).parent
_PARTS = ("data/*.yml", "config.yml", "domain.yml", "components/*.py", "components/*.json", "requirements.txt")
_OBEYS = "RegexMessageHandler"  # Rasa puts it last, so it is the target
_TAUGHT = "taught_"  # what clerks taught is called so among our data
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
    """The model to serve: with what clerks taught the one that was chosen (`nlu.chosen`), where such a one of our data
    is trained; else that of our data alone, also where it is yet to be trained."""
    same = models / f"{data_hash(folder)}{mark(chosen(models))}.tar.gz"
    return same if same.exists() else plain(models, folder)


def plain(models: Path, folder: Path = FOLDER) -> Path:
    """Where the model of our data alone is, or will be: `<hash>.tar.gz`."""
    return models / f"{data_hash(folder)}.tar.gz"


def candidate(models: Path, folder: Path = FOLDER) -> Path:
    """Where the model of our data and of what clerks taught is, or will be: `<hash>.tar.gz`, or `<hash>-<hash of what
    was taught>.tar.gz`. It serves only once it is chosen."""
    digest, files = hashlib.sha256(), learned.files(models.parent / "nlu")
    for path in files:
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    taught = f"-{digest.hexdigest()[:8]}" if files else ""
    return models / f"{data_hash(folder)}{taught}.tar.gz"


def train(models: Path, say: Say, *, folder: Path = FOLDER, python: Path | None = None) -> Path:
    """Train on our data alone, then with what clerks taught (`nlu` beside `models`), if that is anything; each unless
    it is done already. The path of the last. `say` gets progress, a line at a time. Raises DataError with file and
    line, NoRasa or TrainingFailed. A model appears whole or not at all; which one serves is not changed."""
    with training(models, say) as lock:
        make = partial(_once, say=say, folder=folder, python=python, lock=lock)
        make(plain(models, folder))
        target = candidate(models, folder)  # only now: the first one took a minute
        if is_taught(target.name):
            make(target)
    _tell(models, target, folder, say)
    return target


def _tell(models: Path, target: Path, folder: Path, say: Say) -> None:
    """That a new model is not the one that serves, and what to do."""
    serves, name = model_path(models, folder), chosen(models)
    if mark(name) != mark(serves.name):
        say(f"{name} was chosen, and what is accepted has changed since: it is not made anew")
    if serves != target:
        say(f"{serves.name} goes on serving: `python -m bot nlu compare`, then `python -m bot nlu use {target.name}`")


def _once(target: Path, *, say: Say, folder: Path, python: Path | None, lock: int) -> None:
    if target.exists():
        say(f"the model {target.name} is trained already")
        return
    taught = learned.files(target.parent.parent / "nlu") if is_taught(target.name) else []
    examples, lessons = load(folder / "data"), [example for path in taught for example in read(path, path.stem)]
    say(f"training on {len(examples)} examples" + (f" and {len(lessons)} from clerks" if lessons else ""))
    interpreter = python or rasa_python()
    if not interpreter.exists():
        raise NoRasa(f"{interpreter} is missing: Rasa's environment is not set up; run `make run` or `make test`")
    with scratch.folder(target.parent) as work:
        _gather(folder / "data", taught, Path(work) / "data")
        _run(interpreter, folder, Path(work), target.parent / f"training-{target.name[:16]}.log", say, lock)
        _keep(Path(work), target, folder)
    say(f"{target.name} is ready, {target.stat().st_size / 1e6:.1f} MB")


def _keep(work: Path, target: Path, folder: Path) -> None:
    """Make it the model, for our own eyes only, with the digests of what clerks taught it. Looks last whether that is
    accepted still: who erases a sentence looks for models only after it has left the files, so one of us sees it."""
    ready = work / "slim.tar.gz"
    slim(work / "trained.tar.gz", ready)
    ready.chmod(0o600)
    where = candidate if is_taught(target.name) else plain
    if where is candidate:
        _note(work, target)
    ready.replace(target)
    if where(target.parent, folder) != target:
        target.unlink(missing_ok=True)
        remembered.beside(target).unlink(missing_ok=True)
        raise TrainingFailed("What is accepted changed during the training, or our data; train again")


def _note(work: Path, target: Path) -> None:
    """What was in fact trained on, before the model is there."""
    sentences = [sentence for path in (work / "data").glob(f"{_TAUGHT}*") for sentence in learned.said(path)]
    remembered.write(work / "learned", sentences)
    (work / "learned").replace(remembered.beside(target))


def _gather(data: Path, taught: Sequence[Path], into: Path) -> None:
    """All examples in one folder, as Rasa wants them."""
    shutil.copytree(data, into)
    for path in taught:
        shutil.copy(path, into / f"{_TAUGHT}{path.name}")


def _run(python: Path, folder: Path, work: Path, log: Path, say: Say, lock: int) -> None:
    began = time.monotonic()
    arguments = (
        "-m", "rasa", "train", "nlu", "--config", "config.yml", "--domain", "domain.yml",
        "--nlu", str((work / "data").resolve()), "--out", str(work.resolve()), "--fixed-model-name", "trained",
    )  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [python.absolute(), "-W", "ignore", *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder, env=_environment(work),
            pass_fds=(lock,),  # killed, we leave Rasa behind: as long as it works, nobody sweeps its folder
        )  # fmt: skip
        try:
            while not _ended(process, seconds=5):
                say(f"... {time.monotonic() - began:.0f} s")
        finally:
            process.kill()  # only when we are interrupted; else it has ended
            process.wait()
    if process.returncode != 0 or not (work / "trained.tar.gz").exists():
        raise TrainingFailed(f"Rasa ended with status {process.returncode}; its words are in {log}")


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _environment(work: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ}
    return kept | {
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str((work / "cache").resolve()),
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
