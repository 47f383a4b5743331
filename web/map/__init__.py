"""The desk's map: the same tickets as in the list, where they lie."""
