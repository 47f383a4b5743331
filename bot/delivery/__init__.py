"""Towards the citizen: what is queued leaves through the channels."""
