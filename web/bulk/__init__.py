"""Acts on many tickets at once: chosen, looked at, done, undone."""
