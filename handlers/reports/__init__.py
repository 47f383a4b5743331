"""A citizen's own reports and those they joined, once filed: status, more words, corrections, the end."""
