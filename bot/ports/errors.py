"""What a store says when it cannot."""


class StoreUnavailable(Exception):
    """The database is locked, gone or full; nothing was written. Try again later."""


class Stale(Exception):
    """Somebody else changed this ticket first; nothing was written. Load it again."""


class Taken(Exception):
    """This ticket number or login exists already; nothing was written. Choose another."""
