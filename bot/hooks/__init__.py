"""Webhooks out: subscribers are told what happens to tickets (docs/hooks.md)."""
