"""Every reader of outside input, by its name. A module is imported when one of its targets is asked for."""

from importlib import import_module

from tests.fuzz.target import Target

OF_RASA = "wire"  # needs httptools, which stands in Rasa's environment
_MODULES = {
    "telegram": "channels_in", "sms": "channels_in", "whatsapp": "channels_in", "bounces": "channels_in",
    "segments": "words", "phrases": "words", "numbers": "words", "places": "words", "dangers": "words", "redaction": "words",
    "open311-post": "http", "open311-query": "http", "pages": "http", "links": "http",
    "headers": "doors", "tokens": "doors", "oidc-token": "doors", "oidc-claims": "doors", "hook-urls": "doors", "mailboxes": "doors", "pictures": "doors",
    "nlu-answers": "answers", "nominatim": "answers", "spool": "answers", "wire": "wire",
    "import-table": "files", "import-open311": "files", "import-mapping": "files", "config": "files", "config-places": "files",
    "gazetteer-osm": "gazetteers", "gazetteer-geojson": "gazetteers", "gazetteer-table": "gazetteers",
}  # fmt: skip


def names() -> list[str]:
    """All but the one of Rasa's environment."""
    return [name for name in _MODULES if name != OF_RASA]


def load(name: str) -> Target:
    targets: tuple[Target, ...] = import_module(f"tests.fuzz.targets.{_MODULES[name]}").TARGETS
    return next(target for target in targets if target.name == name)
