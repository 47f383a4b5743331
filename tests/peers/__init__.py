"""Stand-ins for the providers, proved true by other people's clients, and real peers that tests start."""
