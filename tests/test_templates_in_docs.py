"""docs/whatsapp.md lists the texts to have approved: they are those of the catalogues."""

import re
from pathlib import Path

import pytest

from bot.i18n import Words
from bot.outgoing import TEMPLATES
from bot.texts import TEXTS
from handlers.say import Say
from tests.town import CITY

DOCS = (Path(__file__).parents[1] / "docs" / "whatsapp.md").read_text(encoding="utf-8")
LANGUAGES = ("es", "pt", "en", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", [*TEMPLATES, Say.NEWS])
def test_the_text_to_be_approved_is_the_one_that_is_sent(what: Say, language: str) -> None:
    body = Words(CITY).translation(language).gettext(TEXTS[what])
    for number, name in enumerate(TEMPLATES.get(what, ()), 1):
        body = body.replace(f"{{{name}}}", f"{{{{{number}}}}}")
    assert re.search(rf"\| {re.escape(body)}( - Vecino)? \|", DOCS), body
    assert f"| `{what}` |" in DOCS
