"""The weekly digest of the staff: whom it goes to, when, and that each gets it once."""
