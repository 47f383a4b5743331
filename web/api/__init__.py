"""Keys of other programs, as the desk gives and takes them."""
