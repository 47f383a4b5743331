"""What the citizens of the benches say, in four languages. `{mark}` is a house number that no other message has."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """`whole` reports name their place, `half` ones do not and `place` follows; `status` asks after `{number}`."""

    whole: tuple[str, ...]
    half: tuple[str, ...]
    place: str
    yes: str
    details: str
    status: str
    thanks: str


PHRASES: Mapping[str, Phrases] = {
    "es": Phrases(
        whole=(
            "hay un bache enorme en la calle Los Pinos {mark}",
            "no prende el poste de luz frente a calle Los Pinos {mark}",
            "no han recogido la basura en la calle Los Pinos {mark}",
        ),
        half=("hay un bache enorme", "no prende el poste de luz", "no han recogido la basura"),
        place="calle Los Pinos {mark}", yes="si", details="se ve desde ayer y es peligroso",
        status="como va mi reporte {number}", thanks="muchas gracias",
    ),
    "pt": Phrases(
        whole=(
            "tem um buraco enorme na Rua das Flores {mark}",
            "o poste está apagado na Rua das Flores {mark}",
            "não recolheram o lixo na Rua das Flores {mark}",
        ),
        half=("tem um buraco enorme no asfalto", "o poste de luz está apagado", "não recolheram o lixo"),
        place="Rua das Flores {mark}", yes="sim", details="desde ontem, está perigoso",
        status="como está minha reclamação {number}", thanks="muito obrigado",
    ),
    "en": Phrases(
        whole=(
            "there is a huge pothole at {mark} Mill Road",
            "the street lamp at {mark} Mill Road is out",
            "the bins at {mark} Mill Road have not been emptied",
        ),
        half=("there is a huge pothole", "the street lamp is out", "the bins have not been emptied"),
        place="{mark} Mill Road", yes="yes please", details="since yesterday, it is dangerous",
        status="how is my report {number} going", thanks="thank you very much",
    ),
    "fr": Phrases(
        whole=(
            "il y a un énorme nid-de-poule au {mark} rue des Écoles",
            "le lampadaire du {mark} rue des Écoles ne marche plus",
            "les poubelles du {mark} rue des Écoles n'ont pas été ramassées",
        ),
        half=("il y a un énorme nid-de-poule", "le lampadaire ne marche plus", "les poubelles n'ont pas été ramassées"),
        place="{mark} rue des Écoles", yes="oui", details="depuis hier, c'est dangereux",
        status="où en est mon signalement {number}", thanks="merci beaucoup",
    ),
}  # fmt: skip
