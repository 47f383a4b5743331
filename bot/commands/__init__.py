"""The commands of `python -m bot`: what is typed, and what each one does."""
