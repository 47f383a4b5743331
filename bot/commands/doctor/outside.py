"""What is asked over the network: Rasa, the providers, our own public address and its certificate. Nothing is changed
and nobody is written to; each question has seconds, and no answer is shown, for it may hold a token."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.commands.doctor.finding import Finding, bad, ok, warn
from bot.commands.serving import Unfit, fit
from bot.config import ChannelSettings, Config, Settings
from nlu.answer import Foreign, read_status
from nlu.train import model_path

PATIENCE = 5.0  # seconds for each question
SOON, NOW = 21, 7  # days until a certificate ends
_TOKEN = "create a new one at BotFather and put it into TELEGRAM_BOT_TOKEN"  # noqa: S105 - advice
_ACCOUNT = "compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN with console.twilio.com"
_NETWORK = "does this machine reach the internet? A firewall or proxy (HTTPS_PROXY) may stand between"


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 where nobody answered."""

    status: int
    said: Any = None


class Asking:
    """Questions over HTTP, none of which raises."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, url: str, auth: Mapping[str, str] | None = None) -> Answer:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self._session.get(url, headers=auth, timeout=timeout, allow_redirects=False) as answer:
                return Answer(answer.status, await answer.json(content_type=None))
        except ValueError:
            return Answer(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(0)


async def outside(config: Config, now: datetime) -> Sequence[Finding]:
    """All of it at once."""
    settings = config.settings
    async with aiohttp.ClientSession(trust_env=True) as session:
        asking = Asking(session)
        looks = [rasa(settings, session), public(settings, asking), certificate(settings, now)]
        looks += [_channel(channel, settings, asking) for channel in settings.channels]
        found = await asyncio.gather(*looks)
    return [finding for some in found for finding in some]


async def rasa(settings: Settings, session: aiohttp.ClientSession) -> Sequence[Finding]:
    if not settings.nlu_url:
        if model_path(settings.models).exists():
            return [ok("rasa", "a model is trained; each process starts its own Rasa")]
        return [bad("rasa", "no model is trained", "`python -m bot train`")]
    url, timeout = f"{settings.nlu_url}/status", aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with session.get(url, params={"token": settings.nlu_token}, timeout=timeout) as answer:
            status, body = answer.status, await answer.read()
    except (aiohttp.ClientError, TimeoutError, OSError):
        return [bad("rasa", "it does not answer at nlu_url", "`python -m bot rasa`; citizens get the menu meanwhile")]
    if status != 200:
        return [bad("rasa", f"it answers with status {status}", "is VECINO_NLU_TOKEN the same on both sides?")]
    try:
        fit(read_status(body))
    except (Unfit, Foreign):
        return [bad("rasa", "it serves a model of other data", "`python -m bot train`, then restart it")]
    return [ok("rasa", "answers with this version's model")]


async def public(settings: Settings, asking: Asking) -> Sequence[Finding]:
    if not settings.public_url:
        return [ok("public_url", "none: Telegram is polled, webhooks are off")]
    answer = await asking.get(f"{settings.public_url}/healthz")
    if answer.status == 200 and answer.said == {"status": "ok"}:
        return [ok("public_url", "our own /healthz answers there")]
    step = "is a web process up, does the proxy pass to its port, and does the name lead here?"
    return [bad("public_url", f"no /healthz of ours answers there (status {answer.status or 'none'})", step)]


async def certificate(settings: Settings, now: datetime) -> Sequence[Finding]:
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" or not parts.hostname:
        return []
    renew = "renew it: Caddy does so by itself; `certbot renew` else. Providers refuse webhooks without it"
    try:
        ends = await asyncio.wait_for(_ends(parts.hostname, parts.port or 443), PATIENCE)
    except ssl.SSLError:
        return [bad("certificate", "it is not valid for public_url, or has ended", renew)]
    except (TimeoutError, OSError):
        return [bad("certificate", "nobody answers at public_url", _NETWORK)]
    days = (ends - now).days
    if days < NOW:
        return [bad("certificate", f"ends in {days} days", renew)]
    left = f"{days} days left"
    return [warn("certificate", left, renew) if days < SOON else ok("certificate", left)]


async def _ends(host: str, port: int) -> datetime:
    _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    try:
        shown: Any = writer.get_extra_info("peercert")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    finally:
        writer.close()


async def _channel(channel: ChannelSettings, settings: Settings, asking: Asking) -> Sequence[Finding]:
    if channel.name == "telegram":
        return await telegram(channel, settings.public_url, asking)
    if channel.name in {"sms", "whatsapp"}:
        return await twilio(channel, asking)
    return []


async def telegram(channel: ChannelSettings, public_url: str, asking: Asking) -> Sequence[Finding]:
    """getMe, then getWebhookInfo: https://core.telegram.org/bots/api"""
    at = f"{channel.options['api_url'].rstrip('/')}/bot{channel.secrets['TELEGRAM_BOT_TOKEN']}"
    me = await asking.get(f"{at}/getMe")
    if me.status == 0:
        return [bad("telegram", "it cannot be reached", _NETWORK)]
    if me.status != 200:
        return [bad("telegram", f"it does not know the bot (status {me.status})", _TOKEN)]
    hook = await asking.get(f"{at}/getWebhookInfo")
    result = hook.said.get("result", {}) if isinstance(hook.said, dict) else {}
    return [ok("telegram", "knows our bot"), _webhook(result, public_url)]


def _webhook(result: Mapping[str, Any], public_url: str) -> Finding:
    wanted = f"{public_url}/channels/telegram" if public_url else ""
    if result.get("url", "") != wanted:
        step = "restart a web process, which registers it" if wanted else "start Vecino: it takes it off before polling"
        return bad("telegram webhook", "is registered for another address than ours", step)
    waiting = int(result.get("pending_update_count", 0) or 0)
    if waiting > 100 or result.get("last_error_message"):
        said = f"{waiting} messages wait there, or the last one failed"
        return warn("telegram webhook", said, "see what is said of public_url")
    return ok("telegram webhook", "as it should be")


async def twilio(channel: ChannelSettings, asking: Asking) -> Sequence[Finding]:
    """GET the account: https://www.twilio.com/docs/iam/api/account"""
    sid, token = channel.secrets["TWILIO_ACCOUNT_SID"], channel.secrets["TWILIO_AUTH_TOKEN"]
    url = f"{channel.options['api_url'].rstrip('/')}/2010-04-01/Accounts/{sid}.json"
    answer = await asking.get(url, {"Authorization": aiohttp.encode_basic_auth(sid, token)})
    if answer.status == 0:
        return [bad(channel.name, "Twilio cannot be reached", _NETWORK)]
    if answer.status != 200:
        return [bad(channel.name, f"Twilio refuses our account (status {answer.status})", _ACCOUNT)]
    state = answer.said.get("status", "") if isinstance(answer.said, dict) else ""
    if state != "active":
        return [bad(channel.name, "our account at Twilio is not active", "console.twilio.com says why")]
    return [ok(channel.name, "Twilio knows our account, and it is active")]
