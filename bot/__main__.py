"""The commands: `python -m bot serve | chat | parse | train | check | migrate | clerk add`."""

import signal
import sys


def main() -> int:
    """The libraries take a second to load; Ctrl-C in that time ends the process without a trace."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bot.command_line import run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
