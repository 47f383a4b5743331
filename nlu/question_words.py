"""Small words of questions about the city, per language, folded; `nlu/answers.py` reads them."""

from collections.abc import Mapping

# Small words of a question that is otherwise whole: "¿y a qué hora abren ustedes mañana, por favor?"
SMALL: Mapping[str, str] = {
    "es": (
        "a ahi ahora ahorita al alli aqui buenas buenos cual cuales cuando de del dia dias disculpe domingo "
        "domingos donde el ella en entre es esta estan este favor feriado feriados festivo festivos gracias "
        "hasta hay hola hora horario horarios horas hoy jueves la las lo los lunes manana martes me miercoles "
        "noches o pa para por porfa porfavor puede pueden puedo q que quedan quisiera sabado sabados saber se "
        "semana si son su sus tarde tardes tienen un una usted ustedes viernes x y"
    ),
    "pt": (
        "a agora ai amanha ao aos aqui as ate boa bom com da de dia dias do domingo e em esta estao eu favor "
        "feira feriado feriados fica ficam gostaria hj hoje hora horario horarios horas hr hrs na nas no "
        "noite nos o obrigada obrigado oi ola onde os ou para por pra q quais qual quando quarta que queria "
        "quinta sabado sabados saber se segunda semana seu sexta sua tao tarde terca um uma vc vcs voce voces"
    ),
    "en": (
        "2moro a all an and any are at by can could day days do does evening for friday from good guys have "
        "hello hey hi holiday holidays hour hours how i im is it know late long me monday morning my now of "
        "on or please pls saturday saturdays sunday sundays tell thanks the there thursday till time tmrw to "
        "today tomorrow tuesday u until ur wat wednesday week weekend weekends wen what whats when where "
        "which you your"
    ),
    "fr": (
        "a au aujourd avez bonjour bonsoir c ce cela comment d dans de demain des dimanche du elle en est et "
        "etes ferie ferier heure heures hui il j je jeudi jour jours jusqu kel l la le les lundi maintenant "
        "mardi matin me merci mercredi midi moi on ou par plait pour quand que quel quelle quelles quels qui "
        "s salut samedi savoir se semaine si soir sont stp svp t un une vendredi vos votre voudrais vous y"
    ),
}

# Words that ask or wish: without one, and without a question mark, "no permit, and they build" is no question.
ASKING: Mapping[str, str] = {
    "es": (
        "abren aceptan atienden como cual cuales cuando cuanta cuantas cuanto cuantos dnd donde hay kiero "
        "kuando necesito nesesito q que quien quiero quisiera reciben tienen"
    ),
    "pt": (
        "abre abrem aceita aceitam atende atendem como gostaria onde precisa preciso q qd quais qual quando "
        "quanta quanto que quem queria quero tem"
    ),
    "en": ("are can could do does how hw is need want wat wen what whats when where which who"),
    "fr": (
        "acceptez besoin cb combien comen comment est faut kel ou ouvrez peut peux prenez puis quand quel "
        "quelle quelles quels qui veux voudrais"
    ),
}
