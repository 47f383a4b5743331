import logging

import pytest

from bot.logs import Discreet, Unfailing


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
