"""config.yml for a bench: the demo city, live, its providers on loopback, nothing paced or put off on purpose."""

from pathlib import Path
from typing import Any

import yaml

import channels
from benchmarks.fleet import ROOT

PUBLIC = "https://city.example"


def write_config(path: Path, *, port: int, nlu_port: int, apis: dict[str, str], public: bool) -> Path:
    """`apis`: the address of each enabled channel's provider. Without `public` Telegram is polled."""
    city: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    city |= {"mode": "live", "port": port, "nlu_url": f"http://127.0.0.1:{nlu_port}"}
    city["public_url"] = PUBLIC if public else ""
    city["channels"] = {name: _channel(name, url, city["channels"]) for name, url in apis.items()}
    if "wait" in city:
        city["wait"] = dict.fromkeys(city["wait"], 0)  # "half a thought": here everyone says all at once
    if "guard" in city:
        city["guard"] |= {"answers": 0, "alike": 0}  # here everyone writes like a machine
    city["nearby"] = {"metres": 0}  # they all report in a few streets, and each is to have a ticket of their own
    city["services"] = [_plain(service) for service in city["services"]]
    path.write_text(yaml.safe_dump(city, allow_unicode=True), encoding="utf-8")
    return path


def _plain(service: dict[str, Any]) -> dict[str, Any]:
    """The service without questions of its own: the benches' citizens answer what every city asks."""
    return {key: value for key, value in service.items() if key not in ("questions", "nearby")}


def _channel(name: str, url: str, known: dict[str, Any]) -> dict[str, Any]:
    """Rates off, where the channel has them: what is measured is us, not a provider's patience."""
    rates = {key: 0 for key in ("rate", "chat_rate") if key in channels.load(name).OPTIONS}
    return {**known.get(name, {}), **rates, "enabled": True, "api_url": url}
