"""`python -m bot init DIR`: where a city begins that installed the wheel and has no checkout."""

from pathlib import Path

import bot
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from nlu.train import FOLDER

_PACKAGE = Path(bot.__file__).parent
_SAMPLES = (_PACKAGE / "sample" / "config.yml", _PACKAGE.parent / "config.yml")  # of a wheel, of a checkout


def begin(folder: Path) -> None:
    """Write the demo city's config.yml there, to be changed, and say what comes next. Raises Unfit where one stands
    already, or the folder cannot be written."""
    target = folder / "config.yml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(_sample().read_bytes())
    except FileExistsError:
        raise Unfit(f"{target} stands there already and was left as it is; name another folder") from None
    except OSError as error:
        raise Unfit(f"{target} cannot be written ({error.strerror}); name another folder") from None
    for line in _next_steps(target):
        show(line)


def _sample() -> Path:
    return next(path for path in _SAMPLES if path.exists())


def _next_steps(target: Path) -> tuple[str, ...]:
    pins = FOLDER / "requirements.txt"
    return (
        f"{target} is the demo city's: every key has its comment.",
        "",
        "What understands messages needs Python 3.10 and an environment of its own, once:",
        f"  python3.10 -m venv {target.parent / 'nlu-venv'}",
        f"  {target.parent / 'nlu-venv'}/bin/pip install --no-deps --require-hashes -r {pins}",
        f"  export VECINO_NLU_PYTHON={target.parent / 'nlu-venv'}/bin/python",
        "",
        f"Then, in {target.parent}:",
        "  vecino check     says what is wrong in config.yml, and what to do",
        "  vecino train     one minute",
        "  vecino serve",
    )
