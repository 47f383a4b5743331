import pytest

from nlu.overlooked import with_corner, with_street, with_whole_name

STREETS = ("molino", "mill road", "bolivar")


def known(words: str) -> bool:
    return any(street in words.lower() for street in STREETS)


@pytest.mark.parametrize(
    ("text", "place", "whole"),
    [
        ("a oscuras en la calle molino frente al 40", "frente al 40", "calle molino frente al 40"),
        ("light out on mill road outside number 12", "outside number 12", "mill road outside number 12"),
        ("bache frente al 40 de la calle Molino", "frente al 40", "frente al 40 de la calle Molino"),
        ("bache en Bolivar, frente a la farmacia", "frente a la farmacia", "Bolivar, frente a la farmacia"),
        ("bache en la calle Perú frente al 40", "frente al 40", "calle Perú frente al 40"),
        ("arbre tombé rue des Lilas, en face du 12", "en face du 12", "rue des Lilas, en face du 12"),
        ("hole on Queen Anne street by the bank", "by the bank", "Queen Anne street by the bank"),
        ("la calle está oscura frente al 40", "frente al 40", "frente al 40"),
        ("there's a hole in the road outside number 12", "outside number 12", "outside number 12"),
        ("hay un hueco en la calle frente al 40", "frente al 40", "frente al 40"),
        ("fui a la calle molino. el bache está frente al 40", "frente al 40", "frente al 40"),
        ("frente al 40", "frente al 40", "frente al 40"),
    ],
)
def test_the_street_beside_a_place_belongs_to_it(text: str, place: str, whole: str) -> None:
    start = text.index(place)
    begin, end = with_street(text, start, start + len(place), known)
    assert text[begin:end] == whole


@pytest.mark.parametrize(
    ("text", "place", "whole"),
    [
        ("o endereco certo e molino com bolivar", "bolivar", "molino com bolivar"),
        ("na rua molino com bolivar", "bolivar", "rua molino com bolivar"),
        ("calle los molino esq bolivar", "bolivar", "calle los molino esq bolivar"),
        ("at bolivar and mill road, by the bank", "bolivar", "bolivar and mill road"),
        ("bache en molino y otro en bolivar", "bolivar", "bolivar"),
        ("calle mill road entre molino y bolivar", "bolivar", "bolivar"),
        ("el poste cayó y bolivar está a oscuras", "bolivar", "bolivar"),
    ],
)
def test_the_other_street_of_a_corner_belongs_to_the_place(text: str, place: str, whole: str) -> None:
    start = text.index(place)
    begin, end = with_corner(text, start, start + len(place), lambda words: sum(s in words for s in STREETS) > 1)
    assert text[begin:end] == whole


@pytest.mark.parametrize(
    ("text", "place", "street", "whole"),
    [
        ("Kwame Nkrumah Road by the school", "Nkrumah Road", "Kwame Nkrumah Road", "Kwame Nkrumah Road"),
        ("es en Bolívar 12", "Bolívar 12", "Avenida Bolívar", "Bolívar 12"),
        ("av Bolívar 12", "Bolívar 12", "Avenida Bolívar", "av Bolívar 12"),
        ("rota la avenida Bolívar", "avenida Bolívar", "Avenida Bolívar", "avenida Bolívar"),
    ],
)
def test_the_words_in_front_that_belong_to_the_name_of_the_street_belong_to_the_place(
    text: str, place: str, street: str, whole: str
) -> None:
    start = text.index(place)
    begin, end = with_whole_name(text, start, start + len(place), street)
    assert text[begin:end] == whole
