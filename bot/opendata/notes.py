"""What Open311's bulk format is told of a status, where no clerk's note is cleared: it must say something."""

import gettext

from bot.texts import STATUSES


def notes(translation: gettext.NullTranslations) -> dict[str, str]:
    """By the status's code, in the translation's language."""
    return {status.value: translation.gettext(text) for status, text in STATUSES.items()}
