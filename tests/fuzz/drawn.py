"""The same readers, their inputs drawn by Hypothesis: what finds something is made small before it is told.

The engine goes on from whatever reached something new; Hypothesis cannot, but draws whole inputs that nobody wrote down,
and knows how to shrink them. Each judges by the same rules (engine.judge). Hypothesis remembers every input of a run so
as to draw none twice: it is asked in rounds, or a hundred thousand would fill the memory.
"""

import json
from time import process_time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.fuzz.engine import Told, judge, limited, seeds
from tests.fuzz.mutation import ODD
from tests.fuzz.shapes import json_changed
from tests.fuzz.target import Read, Target

ROUND = 2_000
_CHANGED = 6  # of ten inputs are changes of one that is right
_PIECES, _LETTERS, _BYTES = 30, 40, 300


class Found(Exception):
    """What was raised was no `Exception`, which is all that Hypothesis makes small."""


def draw(target: Target, count: int, seed: int, *, first: int = 0) -> Told:
    """At least so many inputs, in rounds that each follow from seed, target and number; ends at the first finding, made small."""
    told, begun = Told(target=target.name), process_time()
    drawn = inputs(target)
    with target.opened() as read, limited():
        for number in range(first, first + -(-count // ROUND)):
            told.round, told.of_round = number, min(ROUND, count - (number - first) * ROUND)
            _round(target, read, drawn, told, f"{seed} {target.name} {number}")
            if told.findings:
                break
    told.seconds = process_time() - begun
    return told


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Words of its language among other text, JSON if it reads that, plain bytes, and changes of inputs that are right."""
    known = seeds(target)
    right, dice = st.sampled_from(known), st.randoms(use_true_random=False)
    free = st.text(st.characters(), max_size=_LETTERS)  # half characters too
    words = st.sampled_from(target.words or ODD)
    between = st.sampled_from([b" ", b"", b"\n", b", ", b"&", b"="])
    pieces = st.lists(st.one_of(words, free.map(_bytes)), max_size=_PIECES)
    whole: list[st.SearchStrategy[bytes]] = [st.builds(bytes.join, between, pieces), st.binary(max_size=_BYTES)]
    if target.change is json_changed:
        whole.append(_trees(words, free))

    wholly, which = st.one_of(whole), st.integers(0, 9)

    @st.composite
    def drawn(draw: st.DrawFn) -> bytes:
        if draw(which) < 10 - _CHANGED:
            return draw(wholly)[: target.longest]
        return target.change(draw(dice), draw(right), known, target.words)[: target.longest]

    return drawn()


def _trees(words: st.SearchStrategy[bytes], free: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    names = st.one_of(words.map(lambda word: word.decode("utf-8", "replace")), free)
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), names)
    trees = st.recursive(leaves, lambda inner: st.one_of(st.lists(inner), st.dictionaries(names, inner)), max_leaves=20)
    return trees.map(lambda tree: json.dumps(tree).encode())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _round(target: Target, read: Read, drawn: st.SearchStrategy[bytes], told: Told, seed: str) -> None:
    @seeded(seed)
    @settings(
        max_examples=told.of_round,
        database=None,  # what is found is kept by who asked, as a file with the input's own bytes
        deadline=None,  # the judge has a bound of CPU, a busy machine has none of time
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(drawn)
    def asked(data: bytes) -> None:
        before = len(told.findings)
        judge(target, read, data, told)
        if told.findings[before:]:
            error = told.findings[-1].error
            raise error if isinstance(error, Exception) else Found(told.findings[-1].why)

    try:
        asked()
    except Exception:
        if not told.findings:
            raise  # a mistake of ours
        # each smaller one that found it again is a finding too; the shortest says it best
        told.findings[:] = [min(told.findings, key=lambda finding: (len(finding.data), finding.data))]
