"""Sentences never trained on, and what the model makes of them."""
