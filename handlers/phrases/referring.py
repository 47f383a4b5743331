"""Whether a message speaks of a report that its writer has made: "el de la basura ya huele", "the lamp one: two
nights", though a model hears another report in it. Compared after folding."""

import re
from collections.abc import Mapping

from handlers.phrases.naming import services_named
from handlers.phrases.words import fold

# How one's own report is pointed at; what it is about follows, or stands within.
POINTING: Mapping[str, tuple[str, ...]] = {
    "es": (
        r"(?:y |en |para |sobre |a )?(?:el|la|lo|mi)(?: reporte)? (?:del|de la|de las|de los|de el|de)",
        r"(?:\w+ ){0,2}(?:al|en el|en mi|a mi|sobre el|sobre mi) reporte",
        r"sobre (?:el|la|mi)",
        r"(?:la |una |mas )?fotos? (?:del|de la|de los|de las|de)",
    ),
    "pt": (
        r"(?:e |em |sobre |para )?(?:o|a|no|na|ao|meu|do)(?: pedido| chamado)? (?:do|da|dos|das|de)",
        r"(?:sobre|quanto) (?:o|a|ao)",
        r"(?:a |uma |mais )?fotos? (?:do|da|dos|das|de)",
    ),
    "en": (
        r"(?:and |about |for |on |add to |regarding )?(?:the|my) (?:\w+ ){1,2}(?:one|report)",
        r"(?:about|regarding) (?:the|my)",
        r"(?:the |a |more )?(?:photos?|pictures?|pics?) of (?:the|my)",
    ),
    "fr": (
        r"(?:et |pour |sur |dans |a )?(?:celui|celle|(?:mon |le |au )?signalement) (?:du|des|de la|de l|de|d)",
        r"ajoutez (?:au|a mon|dans le) signalement",
        r"(?:pour|concernant) (?:le|la|les|l|mon)",
        r"(?:la |une )?photos? (?:du|des|de la|de l|de|d)",
    ),
}  # fmt: skip
_POINTING = re.compile("|".join(rf"(?:{form})\b" for forms in POINTING.values() for form in forms))
_NEAR = 8  # words from the beginning within which it is named what the report is about


def points_at(text: str) -> tuple[str, ...]:
    """The services of the reports that the message begins by pointing at."""
    folded = fold(text)
    if not _POINTING.match(folded):
        return ()
    return services_named(" ".join(folded.split()[:_NEAR]))
