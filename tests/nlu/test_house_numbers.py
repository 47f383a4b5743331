import pytest

from nlu.house_numbers import with_number


@pytest.mark.parametrize(
    ("text", "place", "whole"),
    [
        ("8 kwame nkrumah road", "kwame nkrumah road", "8 kwame nkrumah road"),
        ("light out at 8 kwame nkrumah road since monday", "kwame nkrumah road", "8 kwame nkrumah road"),
        ("trou au 12, rue du Moulin", "rue du Moulin", "12, rue du Moulin"),
        ("trou au 12 bis rue du Moulin", "rue du Moulin", "12 bis rue du Moulin"),
        ("bache en calle Molino 8", "calle Molino", "calle Molino 8"),
        ("buraco na Rua das Flores, nº 12", "Rua das Flores", "Rua das Flores, nº 12"),
        ("bache en calle Molino #8-20 hoy", "calle Molino", "calle Molino #8-20"),
        ("sin luz en calle Molino 3 días ya", "calle Molino", "calle Molino"),
        ("sin luz desde las 8 calle Molino", "calle Molino", "calle Molino"),
        ("calle 8 12", "calle 8", "calle 8"),
        ("rua 7 2 vezes", "rua 7", "rua 7"),
        ("calle Molino", "calle Molino", "calle Molino"),
    ],
)
def test_the_number_beside_a_street_belongs_to_it(text: str, place: str, whole: str) -> None:
    start = text.index(place)
    assert with_number(text, start, start + len(place)) == whole
