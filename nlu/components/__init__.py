"""Own Rasa graph components. They run in Rasa's environment (Python 3.10) only; the bot never imports them."""
