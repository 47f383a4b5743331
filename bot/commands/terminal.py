"""What the person at the terminal reads."""


def show(line: str) -> None:
    """At once, also where the output is a pipe."""
    print(line, flush=True)  # noqa: T201 - for the person at the terminal
