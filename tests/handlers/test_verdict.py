"""What answers "is it fixed?" and "from 1 to 5", by words, in every language and as people write."""

import pytest

from handlers.phrases.verdict import TABLES, fixed_by_words, is_bare, score_of, tells_another
from tests.town import CITY


@pytest.mark.parametrize(
    "text",
    [
        "sí", "si gracias", "gracias ya quedo", "Ya quedó, muchas gracias!!", "ya esta arreglado", "quedó muy bien",
        "ya no hay problema", "sí, ya funciona", "todo bien", "👍🏽",
        "sim", "ficou ótimo, obrigada", "ja resolveram", "ainda bem, resolveram", "ta funcionando", "a luz voltou",
        "yes", "yes thanks", "it's fixed, thanks", "all good now", "works again!", "no problems, looks great",
        "oui", "oui merci", "c'est réparé", "c est bon merci", "encore merci, c'est réglé", "ça remarche", "✅",
    ],
)  # fmt: skip
def test_who_says_that_it_is_fixed_is_heard(text: str) -> None:
    assert fixed_by_words(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "no", "no, gracias", "NO!!", "no sirve sigue apagado", "todavia no", "gracias pero sigue igual", "mentira",
        "sí, pero sigue apagado", "quedó mal", "aún no han venido", "nadie vino", "lo dejaron a medias",
        "não", "nao, ainda ta quebrado", "continua igual", "ninguém veio", "voltou a vazar", "de novo a mesma coisa",
        "not yet", "no it isn't", "still broken", "it isnt fixed", "nobody came", "it's out again", "thanks but no",
        "non", "toujours pas", "pas encore", "c'est pas réparé", "ça marche plus", "toujours en panne", "👎",
    ],
)  # fmt: skip
def test_who_says_that_it_is_not_is_heard_though_they_are_polite(text: str) -> None:
    assert fixed_by_words(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "gracias",
        "muchas gracias",
        "hola",
        "ya no hay luz",
        "ya no hay basura",
        "thank you",
        "merci",
        "obrigado",
        "?",
        "",
    ],
)
def test_what_does_not_tell_decides_nothing(text: str) -> None:
    assert fixed_by_words(text) is None


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5), ("5!", 5), ("un 4", 4), ("le doy un 3", 3), ("4/5", 4), ("cinco", 5), ("Quatro", 4), ("trois", 3),
        ("un cinco", 5), ("five stars", 5), ("⭐⭐⭐", 3), ("⭐⭐⭐⭐⭐⭐⭐", 5), ("5 de 5", 5), ("4 de 5", 4), ("3 out of 5", 3), ("2 sur 5!", 2), ("uno", 1), ("um", 1),
        ("-1", None), ("- 2", None), ("4.5", None), ("4,5/5", None), ("un 3,5", None), ("5.", 5),
        ("10", None), ("0", None), ("3 o 4", None), ("falta una", None), ("muy bien", None), ("", None),
        ("hay 5 baches en mi calle desde enero", None),
    ],
)  # fmt: skip
def test_a_score_is_read_where_there_is_one(text: str, score: int | None) -> None:
    assert score_of(text) == score


@pytest.mark.parametrize("text", ["sí", "no", "2", "ok", " ", "👍"])
def test_an_answer_and_nothing_else_is_nothing_for_a_clerk_to_read(text: str) -> None:
    assert is_bare(text)


@pytest.mark.parametrize(
    ("text", "another"),
    [("hay otro foco apagado", True), ("another lamp", True), ("un autre lampadaire", True), ("outro poste", True),
     ("otra vez apagado", False), ("outra vez", False), ("sigue apagado", False), ("l'autre jour encore", False)],
)  # fmt: skip
def test_another_of_the_same_kind_is_not_the_one_that_was_asked_about(text: str, another: bool) -> None:
    assert tells_another(text) is another


@pytest.mark.parametrize("table", TABLES)
def test_each_language_has_its_words(table: str) -> None:
    for language in CITY.languages:
        assert TABLES[table].get(language), f"{language}: add its words to {table} in handlers/phrases/verdict.py"
