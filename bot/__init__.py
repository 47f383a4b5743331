"""Vecino: a citizen writes one message, the city answers until it is fixed."""

__version__ = "1.0.0"
