"""What somebody hostile may try at the door, and what comes of it."""
