"""What a sentence says and what it denies, in four languages, with and without accents, commas and copulas."""

import pytest

from handlers.phrases.contrast import contrast, denies

ROWS = [
    ("es", "no es basura, es el alumbrado", "es el alumbrado", "basura"),
    ("es", "no es 21 es 12", "es 12", "21"),
    ("es", "NO ES BASURA ES ALUMBRADO", "ES ALUMBRADO", "BASURA"),
    ("es", "me equivoque es en calle molino 12 no 21", "me equivoque es en calle molino 12", "21"),
    ("es", "era en la 8 no en la 7", "era en la 8", "en la 7"),
    ("es", "eran dos perros, no uno", "eran dos perros", "uno"),
    ("es", "es el foco en vez de la basura", "es el foco", "la basura"),
    ("es", "no, es calle 8", "es calle 8", ""),
    ("es", "calle 8 no 45", "calle 8 no 45", ""),
    ("es", "calle Molino no. 45", "calle Molino no. 45", ""),
    ("pt", "não é lixo, é iluminação", "é iluminação", "lixo"),
    ("pt", "n é lixo é luz", "é luz", "lixo"),
    ("pt", "errei, é 12 e não 21", "errei, é 12", "21"),
    ("pt", "é na Rua São João, não na rua 7", "é na Rua São João", "na rua 7"),
    ("pt", "é no Mercado Central", "é no Mercado Central", ""),
    ("en", "it's the lamp not the bin", "it's the lamp", "the bin"),
    ("en", "it isn't the bin, it's the lamp", "it it's the lamp", "the bin"),
    ("en", "12 not 21", "12", "21"),
    ("en", "not the tree but the lamp", "but the lamp", "the tree"),
    ("en", "the lamp instead of the bin", "the lamp", "the bin"),
    ("fr", "c'était le 12 pas le 21", "c'était le 12", "le 21"),
    ("fr", "c'est pas un nid de poule c'est une fuite d'eau", "c'est c'est une fuite d'eau", "un nid de poule"),
    ("fr", "le lampadaire au lieu des ordures", "le lampadaire", "ordures"),
    ("fr", "non c'est rue du Moulin 12", "non c'est rue du Moulin 12", ""),
]


@pytest.mark.parametrize(("language", "text", "said", "denied"), ROWS)
def test_what_is_said_is_told_from_what_is_denied(language: str, text: str, said: str, denied: str) -> None:
    half = contrast(text, language)
    assert (half.said, half.denied) == (said, denied)


@pytest.mark.parametrize(
    "text", ["", " ", "no", "no no no", "no es", "pas", "not", "¿?", "no,", "em vez de", "n" * 5000]
)
def test_half_a_sentence_and_none_are_read_as_well(text: str) -> None:
    for language in ("es", "pt", "en", "fr"):
        contrast(text, language)


@pytest.mark.parametrize(
    "text", ["no es basura", "não é lixo", "c'est pas une fuite", "it's not a bin", "it isn't that"]
)
def test_what_is_not_so_is_told_from_what_is_missing(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize("text", ["no hay luz", "não tem luz", "il n'y a pas d'eau", "there is no light", "no pasa"])
def test_what_is_missing_is_no_denial(text: str) -> None:
    assert not denies(text)
