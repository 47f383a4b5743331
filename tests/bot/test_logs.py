import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.logs import MASK, Discreet, Unfailing, masked, masking
from channels.message import Contact


def test_a_library_that_quotes_what_it_could_not_read_tells_only_where(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("hay un bache, 555-1234")  # noqa: TRY301
    except ValueError:
        logging.getLogger("some.library").exception("Error handling request\n  b'hay un bache'")
    line = Discreet().format(caplog.records[0])
    assert line.startswith("ERROR some.library Error handling request [ValueError test_logs.py:")
    assert "bache" not in line
    assert "\n" not in line


class FullDisk:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_log_on_a_full_disk_stops_no_work() -> None:
    stream = Unfailing(FullDisk())  # type: ignore[arg-type]  # of a stream only write and flush are used
    assert stream.write("a line") == 6
    stream.flush()


@pytest.mark.parametrize("text", [
    "+525587654321", "call 555-867-5309 now", "(55) 8765 4321", "chat 7770007771", "-1001234567890",
    "ana.gomez@city.example", "<ana@city.example>", "whatsapp:+525587654321", "55.8765.4321",
    "600\xa0123\xa0456", "600\u201312\u201334\u201356", "600\u2011123\u2011456", "tel600123456", "sms_600123456",
])  # fmt: skip
def test_what_looks_like_a_number_or_an_address_is_masked(text: str) -> None:
    left = masked(text)
    assert MASK in left
    assert not re.search(r"\d{3}|@", left)


@pytest.mark.parametrize("text", [
    "7K3-9QX", "2026-11-23T09:05:54", "environment.py:1295", "01763888888888888888-ab12cd34.sealed", "v0.2.0",
    "sha256:0123456789abcdef", "127.0.0.1:8080", "retention redact_text any after 365 days", "SM1234567890abcdef",
])  # fmt: skip
def test_what_an_administrator_needs_stays(text: str) -> None:
    assert masked(text) == text


def test_a_line_tells_plain_values_only() -> None:
    try:
        raise ValueError("hay un bache")  # noqa: TRY301
    except ValueError as error:
        said = masking(None, "info", {
            "event": "tried", "tries": 3, "phone": "+525587654321", "who": Contact(channel="sms", address="5255876543"),
            "why": error, "at": ["+525587654321"], "more": {"text": "hay un bache", "+525587654321": 1}, "text": None,
        })  # fmt: skip
    assert (said["tries"], said["phone"], said["who"], said["text"]) == (3, MASK, "Contact", None)
    assert "bache" not in str(said)
    assert "8765" not in str(said)
    assert str(said["why"]).startswith("ValueError test_logs.py:")


@given(some.integers(10**6, 10**15 - 1), some.sampled_from(["", "+"]))
def test_no_bare_number_of_a_phone_gets_through(number: int, sign: str) -> None:
    assert str(number) not in masked(f"failed for {sign}{number}, again")


def test_an_error_that_nobody_expected_tells_where_and_not_what(tmp_path: Path) -> None:
    program = "from bot import logs\nlogs.configure(json=True)\nraise ValueError('soy zanahoria')\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("ValueError\n")
    assert "zanahoria')" not in done.stderr.replace(program, "")
