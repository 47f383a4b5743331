"""A citizen's words without what tells who they are, so that a sentence can be learned from. A person still reads each
one before it is learned: a rule cannot know every name.

Taken out: addresses of e-mail and the web, @names, phones, every number (house numbers too: 0 stands for them), and
names behind "soy", "me llamo", "je m'appelle", "my name is", "meu nome é" and titles.
"""

import re

LONGEST = 300  # characters; what is longer teaches nothing more
_PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+", re.I), " "),
    (re.compile(r"[\[\]{}()|<>`]"), " "),  # they would be read as annotations
)
_TOLD = (  # a name follows, with or without capitals
    r"me llamo|mi nombre es|mi nombre|mi nombre completo es|soy el senor|soy la senora|je m[' ’]appelle|mon nom est|"
    r"my name is|my name['’]s|name is|meu nome [ée]|me chamo|chamo-me|o meu nome [ée]|moi c['’]est"
)
_PERHAPS = (  # a name follows only where it has a capital
    r"soy|habla|le habla|les habla|le escribe|saluda|atte\.?|atentamente|i am|i['’]m|this is|regards|sou|sou o|sou a|"
    r"aqui [ée]|fala|je suis|c['’]est|ici|cordialement|att\.?|firma|assinado|signed|sign[ée]"
)
_TITLES = (
    r"don|doña|dona|señora?|sra?\.?|senhora?|seu|mr\.?|mrs\.?|ms\.?|miss|monsieur|madame|mme|mlle|dr\.?|dra\.?|doctora?"
)
_NAME = r"[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÀÈÙÏÜ][\w'’-]+"
_MORE = rf"(?:\s+(?:(?:de|da|do|dos|del|la|le|van|von|y|e|and|et)\s+){{0,2}}{_NAME})*"
_NAMED = re.compile(rf"\b((?i:{_TOLD}))\s+[\w'’-]+{_MORE}")
_MAYBE = re.compile(rf"\b((?i:{_PERHAPS}|{_TITLES}))[\s,:]+{_NAME}{_MORE}")
_DIGITS = re.compile(r"[+(]?\d(?:[\d\s().-]*\d)?")


def redact(text: str) -> str:
    """One line without names and numbers; "" where nothing is left."""
    for pattern, instead in _PARTS:
        text = pattern.sub(instead, text)
    text = _MAYBE.sub(r"\1", _NAMED.sub(r"\1", text))
    return " ".join(_DIGITS.sub("0", text).split())[:LONGEST].strip()


def example_of(text: str, place: str) -> str:
    """The first line that says something, redacted, as Rasa's data writes it, with the place marked where it stands
    ("bache en [calle 0](location)"); "" where fewer than two words are left. An unmarked place would teach that places
    are none."""
    lines = (line.strip() for line in text.splitlines())
    line = next((line for line in lines if len(redact(line).split()) > 1), "")
    before, found, after = line.partition(place) if place.strip() else (line, "", "")
    marked = f"[{redact(place)}](location)" if found and redact(place) else ""
    return " ".join(f"{redact(before)} {marked} {redact(after)}".split())
