"""The peer: Rasa itself, run as its own documentation says, on our model and our messages."""
