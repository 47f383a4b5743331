"""Towards us: from a webhook or a poll to the answer of converse()."""
