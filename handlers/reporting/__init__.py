"""From the first word of a problem to a filed report: what is asked, in which order, and what answers it."""
