"""The page counts segments as the server does: the same script, in node, against channels/segments.py."""

import gettext
import json
import random
import shutil
import subprocess
import unicodedata

import pytest

from bot.desk.answering import Folding, Frame, Reach
from channels.segments import count, gsm_safe, plain_spaces
from web.case.counting import counter
from web.page import STATIC

NODE = shutil.which("node")
LETTERS = (
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà\f^{}\\[~]|€"
    "áíóúâêôãõçÁ´`’“”—…œ°→\u00a0\u202f\u200b\u200d\u0301\u0303\u2028\x85\x1c\ufeff😀👩‍👩‍👧🇵🇷שלום中文ﬁ²½ﷺ"
)
RANDOM = random.Random(7)
ANY = [c for c in map(chr, range(0x9, 0x30000)) if unicodedata.category(c) not in ("Cs", "Cn", "Co")]
TEXTS = [
    *LETTERS,
    *("a" * n for n in (0, 1, 159, 160, 161, 306, 307, 459)),
    *("€" * n for n in (79, 80, 81, 153, 154)),
    *("😀" * n for n in (34, 35, 36, 66, 67, 100)),
    *("".join(RANDOM.choices(LETTERS, k=RANDOM.randrange(400))) for _ in range(400)),
    *("".join(RANDOM.choices(LETTERS[:120], k=RANDOM.randrange(140, 480))) for _ in range(400)),
    *("".join(RANDOM.choices(ANY, k=RANDOM.randrange(90))) for _ in range(400)),
]
FOLDS = {Folding.NONE: str, Folding.SPACES: plain_spaces, Folding.GSM: gsm_safe}
SCRIPT = """
const { alphabet, arriving, counted, EDGES } = require(process.argv[1]);
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const letters = alphabet(given.alphabet);
const counts = given.texts.map((text) => {
  const count = counted(letters, arriving(letters, given.folding, text));
  return [count.encoding, count.units, count.segments, text.replace(EDGES, "")];
});
process.stdout.write(JSON.stringify(counts));
"""


@pytest.mark.skipif(NODE is None, reason="needs node on the PATH")
@pytest.mark.parametrize("folding", Folding)
def test_the_script_counts_every_text_as_the_server_does(folding: Folding) -> None:
    reach = Reach(channel="sms", language="es", frame=Frame(folding=folding, segmented=True))
    given = {
        "alphabet": json.loads(counter(reach, "", 1000, gettext.NullTranslations()).alphabet),
        "folding": folding,
        "texts": TEXTS,
    }
    ran = subprocess.run(
        [str(NODE), "-e", SCRIPT, str(STATIC / "counter.js")],
        input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    expected = []
    for text in TEXTS:
        cost = count(FOLDS[folding](text))
        expected.append([cost.encoding, cost.units, cost.segments, text.strip()])
    for text, ours, theirs in zip(TEXTS, expected, json.loads(ran.stdout), strict=True):
        assert theirs == ours, ascii(text)


@pytest.mark.parametrize(
    ("text", "segments"), [("", None), ("Which lamp?", 1), ("x" * 150, 2), ("¿Cuál lámpara? 😀", 1), ("ñ" * 200, 2)]
)
def test_the_server_counts_first_with_what_stands_around_the_words(text: str, segments: int | None) -> None:
    frame = Frame(before="About 7K3-9QX: ", after=" (Ana)", folding=Folding.GSM, segmented=True)
    made = counter(Reach(channel="sms", language="es", frame=frame), text, 1000, gettext.NullTranslations())
    assert (made.now.segments if made.now else None, made.left) == (segments, 1000 - len(text))


def test_where_no_segment_costs_only_the_room_is_told() -> None:
    made = counter(Reach(channel="telegram", language="es"), "Hello", 1000, gettext.NullTranslations())
    assert (made.now, made.alphabet, made.left) == (None, "", 995)
