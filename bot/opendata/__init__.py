"""Open data: all tickets as anybody may see them, in files that other programs read (docs/open-data.md)."""
