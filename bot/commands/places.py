"""`python -m bot places import FILE...`: a real city's gazetteer beside config.yml."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.commands.terminal import show
from nlu.gazetteer.files import read, write
from nlu.gazetteer.found import Found, Unreadable


async def import_places(files: Sequence[str], beside: Path) -> None:
    """Write streets, landmarks and areas into the folder of config.yml, and say what was taken and what was not.
    Raises Unreadable."""
    show(f"reading {', '.join(files)} ...")
    found = await asyncio.to_thread(read, [Path(file) for file in files])
    try:
        counts = await asyncio.to_thread(write, found, beside)
    except OSError as error:
        raise Unreadable(
            f"{beside} cannot be written ({error.strerror}); run this as somebody who may write beside config.yml"
        ) from error
    if not counts:
        show("nothing was found that has a name and a place; no file was written")
    for kind, count in counts.items():
        show(f"{count:7d} {kind} -> {beside / f'{kind}.geojson'}")
    _tell_left(found)
    if counts:
        show("\nName them in config.yml in place of what stands there:\n")
        for kind in counts:
            show(f"{kind}: {{file: {kind}.geojson}}")
        show("\nThen `python -m bot check` reads them, and the bot does so when it starts.")


def _tell_left(found: Found) -> None:
    for why, count in found.left.most_common():
        where = ", ".join(left.where for left in found.examples if left.why == why)
        show(f"{count:7d} not taken: {why}: {where}{' ...' if count > len(where.split(', ')) else ''}")
