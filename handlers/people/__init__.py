"""What concerns a person more than a report: rights and data, danger, and talking with a human being."""
