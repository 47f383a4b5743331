"""Invented neighbours and years of invented tickets, for demo mode and the benches."""
