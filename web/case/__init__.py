"""One ticket at the desk: the case in one view (`view`), and a file for each kind of act on it."""
