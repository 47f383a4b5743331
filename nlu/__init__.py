"""Understanding: the Rasa project (data, domain, pipeline) and the thin client the bot uses."""
