"""Words as they are searched for: folded, cut to their beginning, and without those that tell nothing."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from handlers.phrases.words import fold

_LONGEST = 6  # letters that are kept: what a word is about stands at its beginning
_SHORTEST = 2
_MOST = 2_000  # words of one text: a citizen's longest message has fewer

# Folded: they stand in nearly every report.
_SMALL: Mapping[str, str] = {
    "es": """a al ante con como cual cuando de del desde donde e el ella en entre era es esa ese eso esta este esto
        estan estoy fue ha hace hay la las le les lo los mas me mi mis muy ni no nos o para pero por porque que se ser
        si sin sobre su sus tambien tan te tengo tiene todo un una unas uno unos y ya yo""",
    "pt": """a ao aos as ate com da das de do dos e ela ele em essa esse esta este eu foi isso ja mais mas me meu minha
        muito na nao nas nem no nos num numa o os ou para pela pelo por quando que sao se sem ser seu sua tem tenho um
        uma voce""",
    "en": """a an and are as at be been but by can did do for from had has have he her his i in is it its me my no not
        of on or our she so that the their there they this to was we were will with you your""",
    "fr": """a au aux avec c ce ces cette d dans de des du elle en est et eu il ils j je l la le les leur lui ma mais me
        mes moi mon n ne nous on ont ou par pas plus pour qu que qui s sa sans se ses si son sont sur ta te tu un une
        vous y""",
}
_EMPTY = frozenset(" ".join(_SMALL.values()).split())


def stems(text: str) -> frozenset[str]:
    """Of a text's words, those by which it is found."""
    return frozenset(stem for _, stem in stemmed(text))


def stemmed(text: str) -> Iterator[tuple[str, str]]:
    """Each word that tells something, folded, with its stem, in the order of the text."""
    for word in fold(text).split()[:_MOST]:
        found = stem(word)
        if found:
            yield word, found


@lru_cache(20_000)
def stem(word: str) -> str:
    """Of a folded word; "" of one that tells nothing. Plurals and most endings are gone: "baches", "bache" are "bach",
    "luces" and "luz" are "luc". What holds a digit stays as it is, for it is a number."""
    if not word.isalnum() or word in _EMPTY:
        return ""
    if not word.isalpha():
        return word[:20]
    if len(word) < _SHORTEST:
        return ""
    bare = word[:-1] if len(word) > 3 and word[-1] in "sx" else word
    bare = bare.rstrip("aeio") if len(bare) > 3 else bare
    bare = bare if len(bare) >= _SHORTEST else word
    return (bare[:-1] + "c" if len(bare) > 2 and bare[-1] == "z" else bare)[:_LONGEST]
