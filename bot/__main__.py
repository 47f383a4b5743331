"""The commands: `python -m bot serve | rasa | chat | parse | train | check | migrate | demo | digest | reindex |
clerk add`."""

import gc
import signal
import sys


def main() -> int:
    """The libraries take a second to load; Ctrl-C in that time ends the process without a trace."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()  # nothing of what is imported goes away again
    from bot.commands.arguments import run

    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
