"""What clerks and citizens write in an invented history, beside the reports themselves."""

from collections.abc import Mapping, Sequence
from random import Random

Words = Mapping[str, Sequence[str]]  # by language

SOMEWHERE: Words = {
    "es": ("frente a la casa verde", "a la vuelta de la panadería", "donde para el bus", "detrás del colegio"),
    "pt": ("em frente à casa azul", "atrás da padaria", "perto do ponto de ônibus", "na esquina de casa"),
    "en": ("opposite the blue house", "behind the bakery", "by the bus stop", "at the corner of our road"),
    "fr": ("en face de la maison bleue", "derrière la boulangerie", "près de l'arrêt de bus", "au coin de chez moi"),
}
WHY_NOT: Words = {
    "es": ("Es propiedad privada.", "Le corresponde a la empresa eléctrica.", "Fuimos y no encontramos nada."),
    "pt": ("É propriedade particular.", "É com a companhia de luz.", "Fomos ao local e não encontramos nada."),
    "en": ("It is private property.", "The power company is in charge of this.", "We went there and found nothing."),
    "fr": ("C'est une propriété privée.", "Cela relève de la compagnie d'électricité.", "Rien trouvé sur place."),
}
DONE: Words = {
    "es": ("", "", "", "Reparado hoy.", "La cuadrilla pasó esta mañana."),
    "pt": ("", "", "", "Consertado hoje.", "A equipe passou hoje cedo."),
    "en": ("", "", "", "Repaired today.", "The crew was there this morning."),
    "fr": ("", "", "", "Réparé aujourd'hui.", "L'équipe est passée ce matin."),
}
WHICH: Words = {
    "es": ("¿Cuál de los postes es?", "¿Podría decirnos a qué altura de la calle?"),
    "pt": ("Qual dos postes é?", "Pode nos dizer em que altura da rua?"),
    "en": ("Which of the posts is it?", "Could you tell us where along the street?"),
    "fr": ("De quel poteau s'agit-il ?", "Pouvez-vous nous dire à quelle hauteur de la rue ?"),
}
THIS: Words = {
    "es": ("el de la esquina", "frente al portón azul"), "pt": ("o da esquina", "em frente ao portão azul"),
    "en": ("the one at the corner", "opposite the blue gate"), "fr": ("celui du coin", "en face du portail bleu"),
}  # fmt: skip
STILL: Words = {
    "es": ("sigue igual", "todavía no ha venido nadie", "¿para cuándo?"),
    "pt": ("continua igual", "ainda não veio ninguém", "para quando?"),
    "en": ("still the same", "nobody has come yet", "when will it be done?"),
    "fr": ("c'est toujours pareil", "personne n'est encore venu", "c'est pour quand ?"),
}
NOT_FIXED: Words = {
    "es": ("duró un día", "solo taparon la mitad"), "pt": ("durou um dia", "só taparam a metade"),
    "en": ("it lasted a day", "only half of it was done"), "fr": ("ça a tenu un jour", "la moitié seulement est faite"),
}  # fmt: skip
THANKS: Words = {
    "es": ("gracias", "muy rápidos", "quedó bien"), "pt": ("obrigada", "foi rápido", "ficou bom"),
    "en": ("thank you", "that was quick", "well done"), "fr": ("merci", "c'était rapide", "bien fait"),
}  # fmt: skip
NEIGHBOUR: Words = {
    "es": ("a mí también me pasa", "es un peligro"), "pt": ("aqui também", "é um perigo"),
    "en": ("same here", "it is a danger"), "fr": ("chez moi aussi", "c'est dangereux"),
}  # fmt: skip


def some(words: Words, language: str, random: Random) -> str:
    """One of them, in English where the language has none."""
    found = words.get(language) or words["en"]
    return found[int(random.random() * len(found))]
