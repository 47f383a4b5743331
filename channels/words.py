"""Words on their way: what is taken out of a citizen's text, and how choices are shown where there are no buttons."""

from collections.abc import Sequence

from channels.message import Choice

_NO_TEXT = dict.fromkeys([0, *range(0xD800, 0xE000)])  # NUL and lone surrogates: no database takes them


def clean(value: object) -> str:
    """A provider's text as one that can be stored: no NUL, no half characters; anything but a text is empty."""
    return value.translate(_NO_TEXT).strip() if isinstance(value, str) else ""


def numbered(text: str, choices: Sequence[Choice]) -> str:
    """The text with one line per choice, `1 Bache`: what the citizen types is the number. Choices that are numbers
    themselves, 1 to 5, stand in the text."""
    if all(choice.label == str(number) for number, choice in enumerate(choices, 1)):
        return text
    lines = (f"{number} {choice.label}" for number, choice in enumerate(choices, 1))
    return "\n".join([text, *lines])
