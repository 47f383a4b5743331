"""Fuzzing: every reader of outside input is given what nobody sends, and only its own errors may leave it.

    python -m tests.fuzz --inputs 100000 --seed 1              (`make fuzz`; docs/security.md, "Fuzzing")
    python -m tests.fuzz --targets telegram,sms --inputs 500

The engine is ours and knows nothing but the standard library: it runs in Rasa's environment (Python 3.10) too.
"""
