"""Rights by keyword: whole messages that mean the same in every state, whatever the model thinks.

Compared after folding (case, accents, punctuation), with a please or thanks around them, and never as a part of a
longer message. Keyed by language, and by language and country (`es_AR`) where a country has words of its own; all of
them count at once, for nobody's language is known at the first message. Sources of the SMS words: CTIA's opt-out list
for English, the Canadian carriers' ARRET, the everyday words for the rest. Telegram's commands are the same words with
lines between (`/mis_datos`). What Twilio itself acts on by SMS stands in channels/keywords.py.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from handlers.phrases.words import SIGNS, fold, without_courtesies


class Right(StrEnum):
    """What a citizen may ask for at any time."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MY_DATA = "my_data"
    ERASE = "erase"
    PERSON = "person"


_STOP: Mapping[str, Collection[str]] = {
    "en": (
        "stop", "stopall", "stop all", "unsubscribe", "opt out", "optout", "revoke", "stop sms", "stop messages",
        "no more messages", "stop texting me", "stop messaging me",
    ),
    "es": (
        "baja", "dar de baja", "darme de baja", "darse de baja", "deme de baja", "denme de baja", "desuscribir",
        "desuscribirme", "cancelar suscripcion", "parar", "pare", "alto", "no mas mensajes", "no quiero mas mensajes",
        "no mas sms", "basta de mensajes", "no me escriba mas", "no me escriban mas", "deje de escribirme",
        "dejen de escribirme", "salir de la lista",
    ),
    "es_AR": ("dame de baja", "no me escriban mas nada"),
    "es_ES": ("dadme de baja", "dejad de escribirme", "no me escribais mas"),
    "pt": (
        "sair", "sair da lista", "descadastrar", "desinscrever", "cancelar inscricao", "cancelar subscricao",
        "chega de mensagem", "chega de mensagens", "nao quero mais mensagem", "nao quero mais mensagens",
        "pare de mandar mensagem", "parem de mandar mensagem", "pare de me mandar mensagem",
    ),
    "pt_PT": ("remover da lista", "parem de enviar mensagens", "parem de me enviar mensagens"),
    "fr": (
        "arret", "arreter", "arretez", "arretez les messages", "arretez de m ecrire", "ne m ecrivez plus", "desabonner",
        "desabonnez moi", "me desabonner", "desabonnement", "desinscrire", "desinscrivez moi", "me desinscrire",
        "desinscription", "plus de messages", "plus de sms",
    ),
    "fr_CA": ("arretez de me texter", "plus de textos"),
    "ht": ("sispann voye mesaj",),
}  # fmt: skip
_START: Mapping[str, Collection[str]] = {
    "en": ("start", "unstop", "resubscribe", "opt in", "optin"),
    "es": ("alta", "dar de alta", "darme de alta", "deme de alta", "denme de alta", "reactivar", "volver"),
    "es_AR": ("dame de alta",),
    "es_ES": ("dadme de alta",),
    "pt": ("voltar", "quero voltar", "reativar"),
    "fr": ("reprendre", "reabonner", "reabonnez moi", "me reabonner", "reabonnement"),
}
_HELP: Mapping[str, Collection[str]] = {
    "en": ("help", "info", "menu", "options"),
    "es": ("ayuda", "opciones"),
    "pt": ("ajuda", "opcoes"),
    "fr": ("aide",),
    SIGNS: ("?",),
}
_MY_DATA: Mapping[str, Collection[str]] = {
    "en": (
        "my data", "see my data", "show my data", "show me my data", "my personal data", "download my data",
        "export my data", "i want my data", "i want to see my data", "what data do you have about me",
        "what data do you have on me", "what do you know about me", "what do you keep about me",
    ),
    "es": (
        "mis datos", "ver mis datos", "mis datos personales", "quiero mis datos", "quiero ver mis datos",
        "descargar mis datos", "acceso a mis datos", "que datos tienen de mi", "que datos tiene de mi",
        "que saben de mi", "que guardan de mi", "que datos guardan de mi",
    ),
    "pt": (
        "meus dados", "os meus dados", "ver meus dados", "ver os meus dados", "meus dados pessoais", "quero meus dados",
        "quero os meus dados", "quero ver meus dados", "quero ver os meus dados", "baixar meus dados",
        "acesso aos meus dados", "que dados voces tem de mim", "quais dados voces tem sobre mim",
        "o que voces sabem de mim",
    ),
    "pt_PT": ("descarregar os meus dados", "que dados tem sobre mim"),
    "fr": (
        "mes donnees", "voir mes donnees", "mes donnees personnelles", "je veux mes donnees",
        "je veux voir mes donnees", "telecharger mes donnees", "acces a mes donnees",
        "quelles donnees avez vous sur moi", "que savez vous de moi", "que savez vous sur moi",
    ),
}  # fmt: skip
_ERASE: Mapping[str, Collection[str]] = {
    "en": (
        "delete my data", "delete all my data", "erase my data", "erase all my data", "remove my data",
        "delete my personal data", "delete my information", "delete my account", "delete me", "erase me", "forget me",
        "i want my data deleted", "i want you to delete my data", "please delete my data", "right to be forgotten",
    ),
    "es": (
        "borrar mis datos", "borre mis datos", "borra mis datos", "borren mis datos", "borrar todos mis datos",
        "borrar mis datos personales", "borrar mi informacion", "borrar mi cuenta", "eliminar mis datos",
        "elimine mis datos", "elimina mis datos", "eliminen mis datos", "eliminar todos mis datos",
        "eliminar mis datos personales", "eliminar mi informacion", "eliminar mi cuenta", "quiero borrar mis datos",
        "quiero eliminar mis datos", "quiero que borren mis datos", "quiero que eliminen mis datos", "olvidenme",
        "derecho al olvido",
    ),
    "es_ES": ("borrad mis datos", "eliminad mis datos", "suprimir mis datos"),
    "pt": (
        "apagar meus dados", "apague meus dados", "apaga meus dados", "apaguem meus dados", "apagar os meus dados",
        "apague os meus dados", "apagar todos os meus dados", "excluir meus dados", "exclua meus dados",
        "excluir os meus dados", "excluam meus dados", "deletar meus dados", "delete meus dados", "remover meus dados",
        "quero apagar meus dados", "quero excluir meus dados", "quero que apaguem meus dados", "excluir minha conta",
        "apagar minha conta", "direito ao esquecimento",
    ),
    "pt_PT": ("eliminar os meus dados", "eliminem os meus dados", "apaguem os meus dados"),
    "fr": (
        "supprimer mes donnees", "supprimez mes donnees", "supprime mes donnees", "supprimer toutes mes donnees",
        "effacer mes donnees", "effacez mes donnees", "efface mes donnees", "effacer toutes mes donnees",
        "supprimer mes donnees personnelles", "effacer mes donnees personnelles", "supprimer mon compte",
        "je veux supprimer mes donnees", "je veux effacer mes donnees", "oubliez moi", "droit a l oubli",
    ),
}  # fmt: skip
_PERSON: Mapping[str, Collection[str]] = {
    "en": (
        "human", "a human", "person", "a person", "real person", "a real person", "agent", "operator", "representative",
        "talk to a person", "talk to a human", "talk to someone", "speak to a person", "speak to a human",
        "speak to someone", "i want to talk to a person", "i want to talk to someone", "i want a human",
    ),
    "es": (
        "humano", "un humano", "humana", "persona", "una persona", "ser humano", "operador", "operadora", "asesor",
        "asesora", "agente", "un agente", "funcionario", "hablar con una persona", "hablar con un humano",
        "hablar con alguien", "hablar con un agente", "hablar con un asesor", "hablar con un operador",
        "quiero hablar con una persona", "quiero hablar con alguien", "quiero hablar con un humano",
        "necesito hablar con una persona", "necesito hablar con alguien", "quiero una persona",
    ),
    "es_MX": ("ejecutivo", "un ejecutivo", "hablar con un ejecutivo"),
    "pt": (
        "um humano", "pessoa", "uma pessoa", "atendente", "um atendente", "atendimento humano", "falar com atendente",
        "falar com um atendente", "falar com uma pessoa", "falar com um humano", "falar com alguem",
        "quero falar com uma pessoa", "quero falar com um atendente", "quero falar com alguem",
        "preciso falar com alguem",
    ),
    "pt_PT": ("assistente humano", "falar com um operador"),
    "fr": (
        "humain", "un humain", "une personne", "etre humain", "un agent", "conseiller", "un conseiller",
        "parler a quelqu un", "parler a une personne", "parler a un humain", "parler a un conseiller",
        "parler avec quelqu un", "je veux parler a quelqu un", "je veux parler a une personne",
        "je voudrais parler a quelqu un",
    ),
}  # fmt: skip
RIGHTS: Mapping[Right, Mapping[str, Collection[str]]] = {
    Right.STOP: _STOP,
    Right.START: _START,
    Right.HELP: _HELP,
    Right.MY_DATA: _MY_DATA,
    Right.ERASE: _ERASE,
    Right.PERSON: _PERSON,
}
_MEANING = {words: right for right, table in RIGHTS.items() for every in table.values() for words in every}
_LONGEST = 100  # characters; what is longer says more than a right and a please
# What may stand beside a code without its being anything else.
CODE_WORDS: Mapping[str, Collection[str]] = {
    "en": ("code", "the", "my", "is", "it", "s", "here", "this"),
    "es": ("codigo", "el", "mi", "es", "aqui", "esta", "este", "clave"),
    "pt": ("codigo", "o", "meu", "e", "aqui", "este", "esse", "senha"),
    "fr": ("code", "le", "mon", "est", "c", "voici", "voila"),
}
BESIDE_A_CODE = frozenset(word for words in CODE_WORDS.values() for word in words)


def right(text: str) -> Right | None:
    """The right that the whole message asks for."""
    if len(text) > _LONGEST:
        return None
    folded = fold(text.replace("_", " "))
    return _MEANING.get(folded) or _MEANING.get(without_courtesies(folded))
