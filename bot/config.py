"""config.yml + environment -> City and Settings, wholly checked: every mistake is told with key, line and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import channels
from bot.delivery.limits import TooOld, too_old
from bot.digesting.subscriber import Sending
from bot.inbox.burst import Wait
from bot.inbox.pace import Limits
from bot.settings.backup import Backup, read_backup
from bot.settings.city import read_city
from bot.settings.desk import Admission, read_admission
from bot.settings.digest import read_digest
from bot.settings.export import read_export
from bot.settings.invite import Invite, read_invite
from bot.settings.retention import read_retention
from bot.settings.section import Problem, Section, among, networks, open_yaml, some_text
from bot.settings.staff import check_channels
from bot.settings.talk import read_limits, read_wait
from bot.settings.tiles import Tiles, read_tiles
from bot.settings.transcriber import Transcribing, read_transcriber
from tickets.city import City
from tickets.retention import Rule

DEMO, LIVE = "demo", "live"
_WIDEST = {4: 8, 6: 32}  # bits of a network of proxies: no more than one owner has


class ConfigError(Exception):
    """config.yml or the environment cannot be used; `problems` says each mistake and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """An enabled channel, ready for `channels.load(name).open(options, secrets, public_url)`. `lines`: where its
    options stand in the file, and under "" where the channel itself does."""

    name: str
    options: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where something is listened for; port 0 is a free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is not the city: where data lives (`var`; trained models, which hold of citizens
    only what clerks taught, in `models`), what is switched on, the secrets. `secret_keys` is empty where the demo is to
    make its own."""

    demo: bool
    public_url: str
    host: str
    port: int
    proxies: tuple[str, ...]
    database_url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    nlu_url: str
    nlu_token: str = field(repr=False)
    nominatim_url: str
    var: Path
    models: Path
    wait: Wait
    guard: Limits
    channels: tuple[ChannelSettings, ...]
    too_old: TooOld = field(default_factory=TooOld)
    metrics: Listening | None = None
    transcriber: Transcribing | None = None
    digest: Sending = field(default_factory=Sending)
    admission: Admission = field(default_factory=Admission)
    tiles: Tiles | None = None
    invite: Invite = field(default_factory=Invite)
    export_hour: int | None = None  # when the open data is written each day; None: only by hand
    retention: tuple[Rule, ...] = ()
    backup: Backup = field(default_factory=lambda: Backup(folder=Path("var/backups")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    city: City
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the file and the environment say, and all that is wrong with it. `city` is None when it cannot be used."""

    city: City | None
    settings: Settings
    problems: tuple[Problem, ...]

    def config(self, also: Sequence[Problem] = ()) -> Config:
        """What was read; raises ConfigError with its problems, and `also` those that others found."""
        problems = [*self.problems, *also]
        if problems or self.city is None:
            raise ConfigError(problems)
        return Config(city=self.city, settings=self.settings)


def load(path: Path, environment: Mapping[str, str]) -> Config:
    """Read and check everything that can be checked from here (bot/commands/checking.py asks the parts too); raises
    ConfigError with all mistakes at once."""
    return read(path, environment).config()


def read(path: Path, environment: Mapping[str, str]) -> Reading:
    """Raises ConfigError when there is no such file; whatever else is wrong stands in the answer."""
    problems: list[Problem] = []
    top = open_yaml(_source(path), problems)
    city = read_city(top, path.parent)
    settings = _settings(top, environment, city)
    top.done()
    return Reading(city=city, settings=settings, problems=tuple(problems))


def data_root(environment: Mapping[str, str]) -> Path:
    """The folder of all data; set to nothing is not set."""
    return Path(environment.get("VECINO_VAR") or "var")


def _source(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        advice = "is not written in UTF-8; save it so"
    except OSError:
        advice = "cannot be read; name the file with --config or VECINO_CONFIG"
    raise ConfigError([Problem(key=path.name, line=0, advice=advice)])


def _settings(top: Section, environment: Mapping[str, str], city: City | None) -> Settings:
    mode = top.get("mode", among((DEMO, LIVE)), f"`{DEMO}` or `{LIVE}`", LIVE)
    public_url = top.get(
        "public_url", _url, "an https address without a slash at the end, or empty", "", required=False
    )
    demo, root = mode == DEMO, data_root(environment)
    var = root / "demo" if demo else root  # invented tickets never lie beside real ones
    enabled = tuple(_channels(top, environment, public_url, var))
    check_channels(top, city.staff if city else (), frozenset(channel.name for channel in enabled))
    return Settings(
        demo=demo,
        public_url=public_url,
        host=top.get("host", some_text, "an address to listen on", "127.0.0.1", required=False),
        port=top.get("port", _port, "a port between 0 and 65535", 8080, required=False),
        proxies=top.get(
            "proxies",
            _proxies,
            "the addresses of your proxies, or networks of theirs alone, such as [10.89.11.0/24]",
            (),
            required=False,
        ),
        database_url=environment.get("VECINO_DATABASE_URL") or f"sqlite:///{var / 'vecino.db'}",
        secret_keys=_secret_keys(top, environment, demo=demo),
        nlu_url=top.get("nlu_url", _url, "the address of a Rasa server, or empty to start one", "", required=False),
        nlu_token=environment.get("VECINO_NLU_TOKEN", ""),
        nominatim_url=top.get("nominatim_url", _url, "the address of a Nominatim server, or empty", "", required=False),
        var=var,
        models=root / "models",
        wait=read_wait(top),
        guard=read_limits(top),
        channels=enabled,
        too_old=top.get("too_old", too_old, "hours such as {reply: 24, notice: 168}", TooOld(), required=False),
        metrics=_metrics(top, environment),
        transcriber=read_transcriber(top, environment),
        admission=read_admission(
            top, environment, public_url, tuple(one.code for one in city.departments) if city else (), demo=demo
        ),
        tiles=read_tiles(top),
        invite=read_invite(top, {channel.name: channel.options for channel in enabled}),
        export_hour=read_export(top),
        backup=read_backup(top, var),
        retention=read_retention(top, [one.code for one in city.services] if city else ()),
        digest=read_digest(top, city, frozenset(channel.name for channel in enabled)),
    )


def _metrics(top: Section, environment: Mapping[str, str]) -> Listening | None:
    """`metrics: {host: 127.0.0.1, port: 9464}`, off when absent. Processes on one machine share the file and cannot
    share a port: VECINO_METRICS_PORT is one's own."""
    if not top.has("metrics"):
        return None
    section = top.section("metrics")
    host = section.get("host", some_text, "an address to listen on", "127.0.0.1", required=False)
    port = section.get("port", _port, "a port between 0 and 65535", 0)
    section.done()
    if own := environment.get("VECINO_METRICS_PORT"):
        try:
            port = _port(int(own))
        except ValueError:
            advice = "must be a port between 0 and 65535, or unset"
            top.problems.append(Problem(key="VECINO_METRICS_PORT", line=0, advice=advice))
    return Listening(host=host, port=port)


def _secret_keys(top: Section, environment: Mapping[str, str], *, demo: bool) -> str:
    """The demo keeps to its own key, as long as it keeps to its own database: the city's key opens nothing there."""
    if demo and not environment.get("VECINO_DATABASE_URL"):
        return ""
    keys = environment.get("VECINO_SECRET_KEY", "")
    if not keys and not demo:
        top.problems.append(_unset("VECINO_SECRET_KEY", 0, "at least 32 random characters; keep them safe"))
    return keys


def _unset(name: str, line: int, what: str) -> Problem:
    return Problem(key=name, line=line, advice=f"is not set in the environment; it must hold {what}")


def _channels(top: Section, environment: Mapping[str, str], public_url: str, var: Path) -> list[ChannelSettings]:
    enabled = []
    for name, section in top.named("channels"):
        try:
            on = section.get("enabled", _flag, "true or false", default=False)
            # not loaded where it is off: its provider's library alone takes a third of a second, and 20 MB
            channel = channels.load(name) if on or not channels.exists(name) else None
        except channels.UnknownChannel:
            section.problems.append(Problem(key=section.path, line=section.line, advice="is no channel; see channels/"))
            continue
        if channel is None:
            section.skip_all()
            continue
        section.skip(frozenset(channel.OPTIONS))
        section.done()
        enabled.append(_channel(name, channel, section, environment, public_url, var))
    return enabled


def _channel(
    name: str, channel: channels.Opens, section: Section, environment: Mapping[str, str], public_url: str, var: Path
) -> ChannelSettings:
    """An option `folder` is one below the folder of all data."""
    options = {key: str(section.raw(key) if section.has(key) else default) for key, default in channel.OPTIONS.items()}
    if "folder" in options:
        options["folder"] = str(var / options["folder"])
    for key, value in options.items():
        if not value and not channel.OPTIONS[key] and not section.has(key):
            section.wrong(key, "is needed while the channel is enabled")
        if key == "api_url" and not _is_url(value):
            section.wrong(key, "must be the address of the provider's API, or left out")
    wanted = channel.SECRETS + (channel.SECRETS_PUBLIC if public_url else ())
    for secret in wanted:
        if not environment.get(secret):
            section.problems.append(_unset(secret, section.line, f"the secret of {name} (or set enabled: false)"))
    return ChannelSettings(
        name=name,
        options=options,
        secrets={
            **{secret: environment.get(secret, "") for secret in wanted},
            **{secret: environment[secret] for secret in channel.SECRETS_OPTIONAL if environment.get(secret)},
        },
        lines={"": section.line, **{key: section.line_of(key) for key in options}},
    )


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _port(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 65535:
        raise ValueError
    return value


def _proxies(value: object) -> tuple[str, ...]:
    """None so wide that callers would be among them: theirs is a header that anybody can write."""
    named = networks(value)
    if any(one.prefixlen < _WIDEST[one.version] for one in map(ip_network, named)):
        raise ValueError
    return named


def _url(value: object) -> str:
    """An address, or "" for none."""
    if value not in (None, "") and not _is_url(value):
        raise ValueError
    return str(value or "")


def _is_url(value: object) -> bool:
    if not isinstance(value, str) or any(c.isspace() for c in value) or value.endswith("/"):
        return False
    try:
        split = urlsplit(value)
        return split.scheme in {"https", "http"} and bool(split.hostname) and split.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
