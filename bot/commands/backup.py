"""`python -m bot backup`: a copy of everything, or a look whether one is whole."""

from pathlib import Path
from time import monotonic

from bot import __version__
from bot.clock import SystemClock
from bot.commands.serving import Unfit
from bot.commands.terminal import show
from bot.config import Config
from bot.opening import sealing
from store.archive import opened
from store.backup import POOL, Source, back_up, found, prune
from store.files import sealed_as
from store.restore import fits
from store.seal import Seal, Unsealable

_TELLS = 5.0  # seconds between lines of progress
_MEGABYTE = 1 << 20


class Progress:
    """Says now and then how far it is."""

    def __init__(self, what: str) -> None:
        self._what, self._told = what, monotonic()

    def __call__(self, table: str, rows: int) -> None:
        if monotonic() - self._told > _TELLS:
            self._told = monotonic()
            show(f"{rows:,} rows {self._what} ({table})")


async def backup(config: Config, out: Path | None, keep: int | None) -> None:
    """Into `out`, or the folder of config.yml, in which only so many are kept. Raises BadUrl, NewerSchema, NoRoom,
    StoreUnavailable or Unfit."""
    settings = config.settings
    folder = out or settings.backup.folder
    kept = keep or (None if out else settings.backup.keep)
    try:
        copied = await back_up(source(config), folder, SystemClock().now(), Progress("copied"))
        gone = prune(folder, kept) if kept else 0
    except OSError as error:
        raise Unfit(
            f"The copy cannot be written into {folder}: {error.strerror}. Name another folder by --out"
        ) from None
    manifest, size = copied.manifest, copied.path.stat().st_size / _MEGABYTE
    show(f"{copied.path}: {manifest.rows:,} rows, {manifest.files:,} photos beside it in {POOL}/, {size:,.1f} MB")
    if manifest.missing:
        show(f"{manifest.missing:,} photos that the database names are on no disk: they were lost before")
    if gone:
        show(f"{gone} older copies were removed")
    show("Keep VECINO_SECRET_KEY elsewhere: without it nothing in there can be read, and with it everything can.")


async def check_backup(config: Config, file: Path) -> None:
    """Reads all of it, and opens each photo. Raises BadArchive, ForeignKey, NewerSchema or Unfit."""
    seal = sealing(config.settings)
    with opened(file) as archive:
        fits(archive, seal)
        archive.verify()
        names, manifest = archive.files(), archive.manifest
    away = [name for name in names if found(file.parent / POOL, name) is None]
    broken = [name for name in names if name not in set(away) and not _opens(file.parent / POOL, name, seal)]
    show(
        f"{file.name}: whole. {manifest.rows:,} rows as of {manifest.at:%Y-%m-%d %H:%M} UTC, version {manifest.version}"
    )
    opens = len(names) - len(away) - len(broken)
    show(f"{opens:,} photos can be opened, {manifest.missing:,} were lost before it was made")
    if len(away) > manifest.missing or broken:
        raise Unfit(
            f"{max(0, len(away) - manifest.missing):,} photos are missing in {POOL}/ and {len(broken):,} cannot be "
            f"opened: copy the folder {POOL} beside the archive, whole, or use another copy"
        )


def source(config: Config) -> Source:
    """What there is to be copied."""
    settings = config.settings
    return Source(url=settings.database_url, files=settings.var / "files", version=__version__)


def _opens(pool: Path, name: str, seal: Seal) -> bool:
    path = found(pool, name)
    try:
        return path is not None and bool(seal.open(path.read_bytes(), sealed_as(name)))
    except (OSError, Unsealable):
        return False
