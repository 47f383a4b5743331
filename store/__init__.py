"""All SQL, sealing, the spool and the files: what keeps the Protocols of bot/ports.py."""
