"""How a process begins, works in its role, is watched and ends."""
