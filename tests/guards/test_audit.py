"""What `make audit` says: never clean where nothing was looked at."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.guards.audit import ACCEPTED, LOCKS, ROOT, Acceptance, Ask, NotAsked, audited, read

HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"]}
TODAY = date(2026, 11, 23)
OURS = Acceptance(package="rasa", id="CVE-2026-1", reason="out of reach", until=date(2027, 1, 1))


def answering(*packages: dict[str, object]) -> Ask:
    return lambda _: json.dumps({"dependencies": list(packages)})


def said(ask: Ask, *accepted: Acceptance, today: date = TODAY) -> tuple[int, str]:
    lines: list[str] = []
    return audited([Path("requirements.txt")], ask, accepted, today, lines.append), "\n".join(lines)


def package(*holes: object, name: str = "rasa") -> dict[str, object]:
    return {"name": name, "version": "1.0", "vulns": list(holes)}


def test_nothing_known_is_clean() -> None:
    assert said(answering(package())) == (0, "requirements.txt: 0 known, 0 of them not accepted")


def test_what_is_known_fails_and_says_where_it_is_mended() -> None:
    status, words = said(answering(package(HOLE)))
    assert status == 1
    assert "NOT ACCEPTED: rasa 1.0 CVE-2026-1/PYSEC-2026-1; mended in 2.0" in words


def test_what_is_accepted_is_told_with_its_reason_and_passes() -> None:
    status, words = said(answering(package(HOLE)), OURS)
    assert status == 0
    assert "accepted until 2027-01-01" in words
    assert "out of reach" in words


def test_an_acceptance_ends_on_its_day_and_is_of_one_package_alone() -> None:
    assert said(answering(package(HOLE)), OURS, today=OURS.until)[0] == 1
    assert said(answering(package(HOLE, name="aiohttp")), OURS)[0] == 1


@pytest.mark.parametrize(
    "answer",
    ["", "no", "[]", '{"dependencies": []}', '{"dependencies": [{"name": "x", "skip_reason": "not found"}]}'],
)
def test_where_nothing_was_looked_at_it_says_not_audited_and_never_clean(answer: str) -> None:
    status, words = said(lambda _: answer)
    assert (status, "not audited" in words, "known" in words) == (2, True, False)


def test_who_cannot_be_reached_is_not_audited() -> None:
    def unreachable(_: Path) -> str:
        raise NotAsked("no route to host")

    assert said(unreachable) == (2, "requirements.txt: not audited: no route to host")


def test_both_locks_are_read_and_each_acceptance_has_a_reason() -> None:
    assert all((ROOT / lock).exists() for lock in LOCKS)
    assert all(len(accepted.reason) > 20 for accepted in read(ACCEPTED))
