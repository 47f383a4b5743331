"""`python -m bot check --live`: what is wrong just now with a Vecino that runs, and the next step."""
