"""Replies at hand and outside bodies in config.yml: each mistake is named with its key."""

from pathlib import Path

import pytest

from bot.desk.canned import filled
from bot.i18n import Words
from tests.bot.test_questions_config import NAMES, read, refused
from tests.samples import TICKET

REPLY = {"code": "hi", "names": NAMES, "texts": dict.fromkeys(NAMES, "{number} {service} {due} {name}")}
BODY = {"names": NAMES, "address": "desk@power.example", "language": "pt"}


def test_replies_and_bodies_are_read(tmp_path: Path) -> None:
    city = read(tmp_path, {}, desk={"replies": [REPLY], "bodies": [BODY]})
    assert [one.code for one in city.canned] == ["hi"]
    assert [(one.address, one.language) for one in city.partners] == [("desk@power.example", "pt")]
    assert read(tmp_path, {}, desk={}).canned == ()


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        ({"replies": [REPLY, REPLY]}, "has the reply hi twice"),
        ({"replies": [REPLY | {"texts": dict.fromkeys(NAMES, "{phone}")}]}, "has {phone}, which stands for nothing"),
        ({"replies": [REPLY | {"texts": dict.fromkeys(NAMES, "x" * 601)}]}, "601 characters"),
        ({"replies": [REPLY | {"texts": {"es": "x"}}]}, "texts: has no"),
        ({"bodies": [BODY | {"address": "nowhere"}]}, "desk.bodies[1].address"),
        ({"bodies": [BODY | {"language": "xx"}]}, "desk.bodies[1].language: must be one of"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, desk: dict[str, object], said: str) -> None:
    assert said in refused(tmp_path, {}, desk=desk)


def test_a_reply_is_filled_in_with_the_tickets_own_words_and_nothing_else(tmp_path: Path) -> None:
    (new,) = read(tmp_path, {}, desk={"replies": [REPLY | {"texts": dict.fromkeys(NAMES, "Hola {number}")}]}).canned
    city = read(tmp_path, {}, desk={"replies": [REPLY]})
    words = Words(city)
    assert filled(new, "fr", TICKET, "Ana", words) == "Hola 7K3-9QX"
    (own,) = city.canned
    assert filled(own, "pt", TICKET, "{due}", words).endswith("{due}")
