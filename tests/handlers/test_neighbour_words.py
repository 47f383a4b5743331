"""What people write about neighbours' reports, and what only looks like it."""

import pytest

from handlers.phrases.neighbour_words import TABLES, ordinal, says_join, says_leave, says_none
from tests.town import CITY
from tickets.number import find_number


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("table", TABLES)
def test_every_language_has_its_words(table: str, language: str) -> None:
    assert TABLES[table].get(language), f"{language}: add its words to {table} in handlers/phrases/neighbour_words.py"


@pytest.mark.parametrize(
    "text",
    [
        "dejar de seguir", "Dejar de seguir 7K3-9QX", "quiero dejar de seguir el reporte 7k3 9qx",
        "ya no quiero seguir 7K3-9QX", "Ya no quiero seguir el reporte 7K39QX por favor", "salir del reporte 7k3-9qx",
        "ya no quiero seguir ese reporte", "quíteme del reporte 7K3-9QX", "dejar de seguir el de la basura",
        "ya no quiero seguir el reporte de la basura", "I don't want to follow the report of the rubbish",
        "deixar de seguir", "quero deixar de seguir o pedido 7K3-9QX", "não quero mais seguir o pedido 7k3-9qx",
        "deixar de acompanhar esse pedido", "parar de seguir 7K3 9QX", "sair do pedido 7K3-9QX",
        "unfollow", "Unfollow 7K3-9QX", "stop following 7K3-9QX", "I want to stop following the report 7k39qx please",
        "I don't want to follow report 7K3-9QX anymore", "leave 7K3-9QX", "stop 7K3-9QX", "no more news about 7K3-9QX",
        "ne plus suivre", "je ne veux plus suivre le signalement 7K3-9QX", "arrêter de suivre 7k3-9qx",
        "no quiero seguir el rporte 7K3-9QX", "nao quero mais aocmpanhar o pedido 7k3-9qx", "unfolow 7K3-9QX",
        "i dont want to folow reprot 7K3-9QX", "je ne veux plus suvire le signalment 7K3-9QX",
        "je souhaite ne plus suivre 7K3-9QX svp", "plus de nouvelles du signalement 7K3-9QX",
    ],
)  # fmt: skip
def test_these_leave_a_report(text: str) -> None:
    assert says_leave(text, find_number(text))


@pytest.mark.parametrize(
    "text",
    [
        "stop", "baja", "sair", "arrêt", "salir", "leave", "no más avisos", "no more news",  # rights, or nothing at all
        "ya no quiero seguir", "no quiero seguir", "ya no quiero seguir así", "não quero mais seguir",
        "no quiero seguir viviendo", "I don't want to go on", "je ne veux plus continuer",
        "ya no quiero seguir esperando el reporte 7K3-9QX", "stop following my daughter", "¿cómo va 7K3-9QX?",
        "quiero seguir el reporte 7K3-9QX", "dejar de seguir mandando la basura a la calle 8 de una vez por todas",
        "stop the noise", "ya no quiero seguir esperando el reporte de la basura", "7K3-9QX", "no dejen de seguir el reporte 7K3-9QX", "il ne faut plus suivre la rue 7", "",
    ],
)  # fmt: skip
def test_these_do_not(text: str) -> None:
    assert not says_leave(text, find_number(text))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("la primera", 0), ("El 2", 1), ("opción 3", 2), ("si, el segundo", 1), ("o primeiro", 0), ("number 1 please", 0),
        ("the second one", 1), ("le deuxième", 1), ("c'est le 1er", 0), ("1 o 2", None), ("hay dos", None), ("", None),
        ("es el segundo poste de la esquina del mercado", None), ("0", None), ("²", None), ("12", None),
    ],
)  # fmt: skip
def test_which_of_a_list(text: str, at: int | None) -> None:
    assert ordinal(text) == at


@pytest.mark.parametrize("text", ["yo también", "Esse mesmo!", "me too", "moi aussi", "sí, ese mismo", "c'est le même"])
def test_these_join(text: str) -> None:
    assert says_join(text)
    assert not says_none(text)


@pytest.mark.parametrize("text", ["ninguno", "No, ninguno de esos", "nenhum", "none of them", "c'est un autre", "mine"])
def test_these_are_none_of_them(text: str) -> None:
    assert says_none(text)
    assert not says_join(text)
