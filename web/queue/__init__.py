"""The desk's list of tickets: what its address asks for, what a clerk keeps of it, and its page."""
