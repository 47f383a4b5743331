"""Simulated citizens: personas with a goal, a language, a style and a temper talk to the whole bot and are measured."""
