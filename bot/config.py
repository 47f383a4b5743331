"""config.yml + environment -> City and Settings, wholly checked: every mistake is told with key, line and advice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import channels
from bot.city_reading import read_city
from bot.reading import Problem, Section, among, open_yaml
from tickets.city import City

DEMO, LIVE = "demo", "live"


class ConfigError(Exception):
    """config.yml or the environment cannot be used; `problems` says each mistake and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """An enabled channel, ready for `channels.load(name).open(options, secrets, public_url)`."""

    name: str
    options: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is not the city: where data lives, what is switched on, the secrets."""

    demo: bool
    public_url: str
    host: str
    port: int
    database_url: str = field(repr=False)
    secret_keys: str = field(repr=False)
    nlu_url: str
    nlu_token: str = field(repr=False)
    var: Path
    channels: tuple[ChannelSettings, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    city: City
    settings: Settings


def load(path: Path, environment: Mapping[str, str]) -> Config:
    """Read and check everything; raises ConfigError with all mistakes at once."""
    problems: list[Problem] = []
    try:
        source = path.read_text(encoding="utf-8")
    except OSError:
        missing = Problem(key=path.name, line=0, advice="cannot be read; name the file with --config or VECINO_CONFIG")
        raise ConfigError([missing]) from None
    top = open_yaml(source, problems)
    city = read_city(top, path.parent)
    settings = _settings(top, environment)
    top.done()
    if problems or city is None:
        raise ConfigError(problems)
    return Config(city=city, settings=settings)


def _settings(top: Section, environment: Mapping[str, str]) -> Settings:
    mode = top.get("mode", among((DEMO, LIVE)), f"`{DEMO}` or `{LIVE}`", LIVE)
    public_url = top.get(
        "public_url", _url, "an https address without a slash at the end, or empty", "", required=False
    )
    var = Path(environment.get("VECINO_VAR", "var"))
    return Settings(
        demo=mode == DEMO,
        public_url=public_url,
        host=top.get("host", str, "an address to listen on", "127.0.0.1", required=False),
        port=top.get("port", _port, "a port between 0 and 65535", 8080, required=False),
        database_url=environment.get("VECINO_DATABASE_URL") or f"sqlite:///{var / 'vecino.db'}",
        secret_keys=_secret_key(top, environment, demo=mode == DEMO),
        nlu_url=top.get("nlu_url", _url, "the address of a Rasa server, or empty to start one", "", required=False),
        nlu_token=environment.get("VECINO_NLU_TOKEN", ""),
        var=var,
        channels=tuple(_channels(top, environment, public_url)),
    )


def _secret_key(top: Section, environment: Mapping[str, str], *, demo: bool) -> str:
    key = environment.get("VECINO_SECRET_KEY", "")
    if not key and not demo:
        top.problems.append(_unset("VECINO_SECRET_KEY", top.line, "at least 32 random characters; keep them safe"))
    return key


def _unset(name: str, line: int, what: str) -> Problem:
    return Problem(key=name, line=line, advice=f"is not set in the environment; it must hold {what}")


def _channels(top: Section, environment: Mapping[str, str], public_url: str) -> list[ChannelSettings]:
    enabled = []
    for name, section in top.named("channels"):
        try:
            channel = channels.load(name)
        except channels.UnknownChannel:
            section.problems.append(Problem(key=section.path, line=section.line, advice="is no channel; see channels/"))
            continue
        on = section.get("enabled", _flag, "true or false", default=False)
        section.skip(frozenset(channel.OPTIONS))
        section.done()
        if on:
            enabled.append(_channel(name, channel, section, environment, public_url))
    return enabled


def _channel(
    name: str, channel: channels.Opens, section: Section, environment: Mapping[str, str], public_url: str
) -> ChannelSettings:
    options = {key: str(section.raw(key) if section.has(key) else default) for key, default in channel.OPTIONS.items()}
    for key, value in options.items():
        if not value and not channel.OPTIONS[key] and not section.has(key):
            section.wrong(key, "is needed while the channel is enabled")
    wanted = channel.SECRETS + (channel.SECRETS_PUBLIC if public_url else ())
    for secret in wanted:
        if not environment.get(secret):
            section.problems.append(_unset(secret, section.line, f"the secret of {name} (or set enabled: false)"))
    return ChannelSettings(name=name, options=options, secrets={s: environment.get(s, "") for s in wanted})


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _port(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= 65535:
        raise ValueError
    return value


def _url(value: object) -> str:
    text = str(value or "")
    if text and (not text.startswith(("https://", "http://")) or text.endswith("/")):
        raise ValueError
    return text
