"""The NLU contract: the names both sides of `/model/parse` agree on (docs/glossary.md has their readings)."""

from typing import Final

SERVICE_CODES: Final = (
    "pothole", "sidewalk", "waste", "lighting", "water", "tree",
    "graffiti", "vehicle", "traffic_signal", "noise", "animal", "other",
)  # fmt: skip
REPORT: Final = "report_"
REPORT_INTENTS: Final = tuple(REPORT + code for code in SERVICE_CODES)
OTHER_INTENTS: Final = (
    "check_status", "add_comment", "correct", "reopen", "affirm", "deny", "cancel", "greet", "goodbye",
    "thank", "help", "handover", "change_language", "stop", "start", "my_data", "erase_data", "emergency",
    "provide_location", "ask_information", "out_of_scope", "abuse",
)  # fmt: skip
INTENTS: Final = frozenset(REPORT_INTENTS + OTHER_INTENTS)
ENTITIES: Final = frozenset({"location", "ticket", "language"})
LANGUAGES: Final = ("es", "pt", "en", "fr")


def service_of(intent: str) -> str | None:
    """The service code a `report_*` intent names, or None for every other intent."""
    return intent.removeprefix(REPORT) if intent in REPORT_INTENTS else None
