"""Where voice notes become words: `transcriber` of config.yml, optional."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.settings.section import Section, some_text

TOKEN = "VECINO_TRANSCRIBER_TOKEN"  # noqa: S105 - the name of an environment variable
_ADDRESS = "an https address without a slash at the end, or http on this machine (127.0.0.1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribing:
    """A speech server with OpenAI's `/v1/audio/transcriptions`; `token` is empty where it wants none."""

    url: str
    model: str
    token: str = field(repr=False)


def read_transcriber(top: Section, environment: Mapping[str, str]) -> Transcribing | None:
    """`transcriber: {url: http://127.0.0.1:8000, model: whisper-1}`; None where it is left out: then voice notes are
    kept and not read."""
    if not top.has("transcriber"):
        return None
    section = top.section("transcriber")
    url = section.get("url", _address, _ADDRESS, "")
    model = section.get("model", some_text, "the name of a model", "whisper-1", required=False)
    section.done()
    return Transcribing(url=url, model=model, token=environment.get(TOKEN, "")) if url else None


def _address(value: object) -> str:
    """What citizens say travels sealed, or not at all beyond this machine."""
    words = some_text(value)
    parts = urlsplit(words)
    secure = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
    if not secure or not parts.hostname or parts.port == 0 or words.endswith("/") or any(c.isspace() for c in words):
        raise ValueError
    return words


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
