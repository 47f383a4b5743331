"""What people write, known by its words in every language: tables, and pure functions on folded text."""
