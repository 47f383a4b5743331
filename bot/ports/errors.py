"""What a store says when it cannot."""


class StoreUnavailable(Exception):
    """The database is locked, gone or full; nothing was written. Try again later; at once, if it was only `beaten` by
    another unit of work that wanted the same."""

    def __init__(self, message: str = "", *, beaten: bool = False) -> None:
        super().__init__(message)
        self.beaten = beaten


class Stale(Exception):
    """Somebody else changed this ticket first; nothing was written. Load it again."""


class Taken(Exception):
    """This ticket number or login exists already; nothing was written. Choose another."""
