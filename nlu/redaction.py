"""A citizen's words without what tells who they are, so that a sentence can be learned from. A person still reads each
one before it is learned: a rule cannot know every name.

Taken out: addresses of e-mail and the web, @names, phones, every number (house numbers too: 0 stands for them), and
names behind "soy", "me llamo", "je m'appelle", "my name is", "meu nome é" and titles.
"""

import re

LONGEST = 300  # characters; what is longer teaches nothing more
# An address is looked for where a word begins: from every letter on, 8,000 of them take 0.1 s.
_PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\S)\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+", re.I), " "),
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


_REACHED = (  # by which somebody is reached; shorter numbers are those of houses, kilometres and lines
    re.compile(r"(?<!\S)\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+", re.I), re.compile(r"[+(]?\d(?:[\s().-]*\d){6,}"),
)  # fmt: skip
MASK = "[…]"


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


def pieces(text: str) -> list[tuple[str, bool]]:
    """The whole text in pieces, each with whether it tells who somebody is or how they are reached. House numbers stay:
    they say where, not who."""
    found, cut = [], 0
    for begin, end in _spans(text):
        found += [(text[cut:begin], False), (text[begin:end], True)]
        cut = end
    return [piece for piece in (*found, (text[cut:], False)) if piece[0]]


def masked(text: str) -> str:
    """The text with MASK in place of what tells who somebody is or how they are reached."""
    return "".join(MASK if hidden else piece for piece, hidden in pieces(text))


def _spans(text: str) -> list[tuple[int, int]]:
    """Where these begin and end, in order, those that overlap put together."""
    found = [match.span() for pattern in _REACHED for match in pattern.finditer(text)]
    for pattern in (_NAMED, _MAYBE):
        for match in pattern.finditer(text):
            behind = text[match.end(1) : match.end()]
            found.append((match.end() - len(behind.lstrip(" ,:\t\n")), match.end()))
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined
