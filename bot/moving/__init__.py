"""A city moves in with its history: cases of another system become tickets, again and again without a double.

`mapping` reads what the city says of the other system, `table` and `open311` give its cases as plain words, `reading`
makes a `Case` of each, `filing` a ticket with its history, and `work` writes them. docs/import.md
"""
