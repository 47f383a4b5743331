"""Fuzzing: every reader of outside input is given what nobody sends, and only its own errors may leave it.

    python -m tests.fuzz --by hypothesis --inputs 100000 --seed 1      (`make fuzz`; docs/security.md, "Fuzzing")
    python -m tests.fuzz --by changes --targets telegram,sms --inputs 500

Hypothesis draws inputs (drawn.py) and an engine of ours changes those that reached something new (engine.py). The engine
knows nothing but the standard library: it runs in Rasa's environment (Python 3.10) too.
"""
