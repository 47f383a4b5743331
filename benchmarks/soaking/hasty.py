"""`python -m bot` which forgets answered messages after seconds instead of a week: else no soak would see that it does.

    SOAK_FORGETS_AFTER=60 python -m benchmarks.soaking.hasty serve

Nothing else is hastened: promises, questions to citizens and schedules keep their time.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Final

FORGETS_AFTER: Final = "SOAK_FORGETS_AFTER"  # seconds; the name of the setting
_ROUNDS = 6  # of forgetting, in that time


def hasten(seconds: float) -> None:
    """Must come before `bot.app` is loaded, which takes the jobs as they are."""
    from bot import schedule

    kept = timedelta(seconds=seconds)
    often = max(timedelta(seconds=2), kept / _ROUNDS)
    changed = {
        "KEPT": kept, "LOOK": often.total_seconds() / 2,
        "JOBS": tuple(replace(job, due=schedule.every(often)) for job in schedule.JOBS),
    }  # fmt: skip
    for name, value in changed.items():
        setattr(schedule, name, value)


def main() -> int:
    hasten(float(os.environ[FORGETS_AFTER]))
    from bot.__main__ import main as bot

    return bot()


if __name__ == "__main__":
    sys.exit(main())
