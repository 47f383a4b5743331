"""How messages travel: one file per channel, none of which knows another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, runtime_checkable

from channels.message import Inbound, Media, Outbound, Receipt, Template, Webhook


class Forged(Exception):
    """The signature or secret of a webhook is missing or wrong: answer 403 and keep nothing."""


class Malformed(Exception):
    """The body of a webhook is not what the provider sends: answer 400 and keep nothing."""


class Rejected(Exception):
    """The provider refuses this outbound for good; `reason` is one of `channels.reason.Reason`, `code` the provider's
    own. Do not retry."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(f"{reason} (the provider's code {code})" if code else reason)
        self.reason, self.code = reason, code


class Unavailable(Exception):
    """The provider cannot take it now; retry with backoff. `uncertain`: it may have been accepted all the same."""

    def __init__(self, reason: str, *, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.uncertain = reason, uncertain


class Throttled(Exception):
    """The provider asks us to slow down; retry after `seconds`. `whole`: with everything, not only with this chat."""

    def __init__(self, seconds: float, *, whole: bool = False) -> None:
        super().__init__(f"retry after {seconds:g} s")
        self.seconds, self.whole = seconds, whole


class BadOption(Exception):
    """A channel's section of config.yml or one of its secrets cannot be used; the message says what to write."""


class UnknownChannel(Exception):
    """There is no channel of this name; look into the folder channels/ for those that exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a channel can show. `buttons`: how many choices it shows as buttons (0: they are numbered in the text);
    `text_limit` in characters, the numbered choices included; `attachments`: how many files go with one message, and
    `caption_limit` the characters beside them; `segmented`: billed by SMS segments; `callbacks`: receipts come
    later; `window`: for how long after the citizen's last message free text is taken, zero: always; `links`: it takes
    pictures by their address."""

    buttons: int
    text_limit: int
    attachments: int = 0
    caption_limit: int = 0
    segmented: bool = False
    callbacks: bool = False
    window: timedelta = timedelta()
    links: bool = False


class Channel(Protocol):
    """One way to reach people. `read` is pure and checks the signature before anything else."""

    @property
    def name(self) -> str: ...

    @property
    def traits(self) -> Traits: ...

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """What the webhook says; raises Forged or Malformed. Nothing for us in it: an empty sequence."""
        ...

    async def send(self, outbound: Outbound) -> str:
        """The provider's id of the message; raises Rejected, Unavailable or Throttled."""
        ...

    async def close(self) -> None: ...


@runtime_checkable
class Fetches(Protocol):
    """A channel whose media can be fetched."""

    async def fetch(self, media: Media) -> bytes:
        """The file; raises Rejected (gone, too large) or Unavailable."""
        ...


@runtime_checkable
class Folds(Protocol):
    """A channel that changes a text's letters before it sends them."""

    def fold(self, text: str) -> str:
        """The text as it arrives."""
        ...


@runtime_checkable
class Windowed(Protocol):
    """A channel whose `traits.window` is not zero: outside it only texts go that the provider approved beforehand."""

    @property
    def traits(self) -> Traits: ...

    @property
    def patience(self) -> timedelta:
        """How long news wait for the citizen to write before they go another way."""
        ...

    def approved(self, template: Template) -> bool:
        """Whether this template can be sent, with these values."""
        ...


@runtime_checkable
class Polls(Protocol):
    """A channel that is asked for messages instead of being told (Telegram without a public address)."""

    async def poll(self, after: int) -> tuple[Sequence[Inbound | Receipt], int]:
        """What came from the given offset on, and the next offset; waits up to the provider's long-poll time. Raises
        Unavailable or Throttled."""
        ...


@runtime_checkable
class Acknowledges(Protocol):
    """A channel whose button presses want an immediate sign (Telegram's spinning button)."""

    async def acknowledge(self, inbound: Inbound) -> None: ...


@runtime_checkable
class Registers(Protocol):
    """A channel whose provider is told by us where to send messages (Telegram with a public address)."""

    async def register(self, url: str) -> None:
        """Have messages sent to this address from now on; raises Rejected, Unavailable or Throttled."""
        ...


@runtime_checkable
class Identified(Protocol):
    """A channel on which people can be reached only by the account that they wrote to (a Telegram bot)."""

    @property
    def name(self) -> str: ...

    @property
    def account(self) -> int:
        """The provider's number of it."""
        ...


@runtime_checkable
class Opens(Protocol):
    """What a channel's file offers. OPTIONS: its keys in config.yml with their defaults, "" where one must be given;
    SECRETS: the environment names it needs, SECRETS_PUBLIC those it needs only when the city has a public URL, and
    SECRETS_OPTIONAL those it can do without: `open` is given them only where they are set."""

    OPTIONS: Mapping[str, str]
    SECRETS: tuple[str, ...]
    SECRETS_PUBLIC: tuple[str, ...]
    SECRETS_OPTIONAL: tuple[str, ...]

    def open(self, options: Mapping[str, str], secrets: Mapping[str, str], public_url: str) -> Channel:
        """The channel, ready to use; raises BadOption. `public_url` is "" where the city has none."""
        ...


def exists(name: str) -> bool:
    """Whether there is such a file, without loading it: a provider's library takes its time and its memory."""
    return name.isidentifier() and find_spec(f"channels.{name}") is not None


def load(name: str) -> Opens:
    """The file `channels/<name>.py`; raises UnknownChannel."""
    if not exists(name):
        raise UnknownChannel(name)
    module = import_module(f"channels.{name}")
    if not isinstance(module, Opens):
        raise UnknownChannel(name)
    return module
