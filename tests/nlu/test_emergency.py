"""Danger to life by rule: what is one, what only sounds like one, and how many are missed and false on the sets."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.emergency import is_emergency

SETS = Path(__file__).parents[2] / "nlu" / "evaluation"


@pytest.mark.parametrize(
    "text",
    [
        "HUELE A GAS en todo el edificio",
        "hay un cable en el piso echando chispas y pasan niños",
        "se está quemando una casa en la calle 8",
        "hay gente atrapada entre los escombros",
        "un niño se cayó a la alcantarilla",
        "un señor no respira, vengan",
        "nos están disparando",
        "me quiero morir",
        "¡auxilio!",
        "cheiro de gás muito forte na escada",
        "o ônibus está pegando fogo",
        "tem uma pessoa desacordada na calçada",
        "caiu um menino no poço",
        "quero me matar",
        "socorro",
        "strong smell of gas in the hallway",
        "the house next door is on fire",
        "someone has been stabbed outside the bar",
        "a child fell down the manhole",
        "he is not breathing",
        "i want to kill myself",
        "ça sent le gaz dans l'escalier",
        "il y a le feu chez le voisin",
        "un homme se noie dans le canal",
        "quelqu'un est coincé sous le mur",
        "appelez une ambulance",
        "SOS",
    ],
)
def test_danger_to_life_is_seen(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "hubo un apagón en toda la cuadra",
        "se fundió el foco de la esquina",
        "me muero de risa con ese bache",
        "no huele a gas, huele a cloaca",
        "la boca de incendios pierde agua",
        "no hay heridos, pero el semáforo no anda",
        "ayer atropellaron a un perro",
        "alguien se va a electrocutar con ese poste",
        "están quemando basura en el lote",
        "fuegos artificiales toda la noche",
        "o hidrante contra incêndio está vazando",
        "morro de vergonha dessa rua",
        "estão queimando lixo",
        "there is a leaking fire hydrant",
        "the fire station light is broken",
        "I'm dying to see this fixed",
        "somebody could get killed here",
        "nobody was hurt but the sign is down",
        "le feu rouge est en panne",
        "les feux ne marchent plus",
        "je meurs de rire",
        "on brûle des ordures derrière chez moi",
        "personne n'est blessé, l'arbre bloque la rue",
        "help",
        "ayuda",
        "",
        "1",
    ],
)
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize("language", ["es", "pt", "en", "fr"])
def test_few_other_messages_are_taken_for_one(language: str) -> None:
    rows = [json.loads(line) for name in ("authored", "hard") for line in _lines(name, language)]
    others = [row["text"] for row in rows if row["intent"] != "emergency"]
    assert sum(map(is_emergency, others)) <= 0.01 * len(others)


@given(st.text(max_size=3000))
def test_any_text_is_read(text: str) -> None:
    assert is_emergency(text) in (True, False)


def _lines(name: str, language: str) -> list[str]:
    return (SETS / f"{name}_{language}.jsonl").read_text(encoding="utf-8").splitlines()
