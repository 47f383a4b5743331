import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.seal import Seal, Unsealable, WeakSecret, derive, parts

OLD, NEW = "old-" * 10, "new-" * 10


@given(st.binary())
def test_what_was_sealed_opens_again(plain: bytes) -> None:
    seal = Seal(NEW)
    assert seal.open(seal.seal(plain, "inbox.inbound"), "inbox.inbound") == plain


def test_sealing_twice_gives_different_bytes_that_hold_no_word() -> None:
    seal = Seal(NEW)
    first, second = (seal.seal("bache en Av. Bolívar".encode(), "x") for _ in range(2))
    assert first != second
    assert b"bache" not in first


def test_a_value_moved_to_another_purpose_does_not_open() -> None:
    seal = Seal(NEW)
    with pytest.raises(Unsealable):
        seal.open(seal.seal(b"words", "tickets.description"), "updates.note")


@given(st.integers(0, 36), st.integers(1, 255))
def test_changed_or_cut_bytes_do_not_open(place: int, flip: int) -> None:
    seal = Seal(NEW)
    sealed = seal.seal(b"words", "x")  # 37 bytes
    for damaged in (sealed[:place], sealed[:place] + bytes([sealed[place] ^ flip]) + sealed[place + 1 :]):
        with pytest.raises(Unsealable):
            seal.open(damaged, "x")


def test_the_newest_key_seals_and_every_key_opens() -> None:
    before, both, after = Seal(OLD), Seal(f"{NEW},{OLD}"), Seal(NEW)
    assert both.open(before.seal(b"words", "x"), "x") == b"words"
    assert after.open(both.seal(b"words", "x"), "x") == b"words"
    with pytest.raises(Unsealable):
        after.open(before.seal(b"words", "x"), "x")


def test_the_newest_key_hashes_and_every_key_looks_up() -> None:
    both = Seal(f"{NEW}\n{OLD}")
    assert both.lookup("contact", "sms", "+52") == Seal(NEW).lookup("contact", "sms", "+52")
    assert both.lookups("contact", "sms", "+52") == (
        Seal(NEW).lookup("contact", "sms", "+52"),
        Seal(OLD).lookup("contact", "sms", "+52"),
    )


def test_hashes_differ_by_purpose_and_by_where_the_words_are_divided() -> None:
    seal = Seal(NEW)
    asked = [("a", "b", "c"), ("b", "b", "c"), ("a", "bc"), ("a", "b", "\0c"), ("ab", "c")]
    assert len({seal.lookup(*words) for words in asked}) == len(asked)


def test_any_text_has_a_hash() -> None:
    assert len(Seal(NEW).lookup("contact", "sms", "\ud800\0")) == 32


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("", "empty"),
        (" , \n", "empty"),
        ("short", "Key 1 of VECINO_SECRET_KEY has 5 characters"),
        (f"{NEW},short", "Key 2 of VECINO_SECRET_KEY has 5 characters"),
    ],
)
def test_a_weak_secret_is_refused_without_being_shown(secret: str, says: str) -> None:
    with pytest.raises(WeakSecret, match=says) as refused:
        Seal(secret)
    assert "short" not in str(refused.value)


def test_keys_are_separated_by_commas_or_blanks() -> None:
    assert parts(f" {NEW} ,\t{OLD}\n") == (NEW, OLD)


def test_derived_keys_differ_by_purpose() -> None:
    assert derive(NEW, "session") != derive(NEW, "seal")
    assert len(derive(NEW, "session")) == 32
