"""People at the desk: accounts, each clerk's own page, the second factor, who did what, and looks at contacts."""
