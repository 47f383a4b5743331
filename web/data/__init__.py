"""Open data: the files of the latest export, and a page that says what they are."""
