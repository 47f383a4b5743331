"""Whole-message words that Twilio acts on by itself on SMS before we see them.

Twilio answers them in English, keeps its own list of who opted out, and passes the message on all the same. Source:
Twilio's "support for opt-out keywords". YES opts in as well, but is answered only to those who had opted out; to
everybody else it is an answer to our question, so it is not in `ANSWERED`.
"""

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START = frozenset({"START", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
YES = frozenset({"YES"})
ANSWERED = STOP | START | HELP


def keyword(text: str) -> str:
    """The message as Twilio compares it: the whole of it, whatever its case."""
    return text.strip().upper()
