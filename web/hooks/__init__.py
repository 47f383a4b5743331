"""Subscribers at the desk: who is told of tickets beside citizens."""
