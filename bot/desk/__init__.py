"""What clerks do with one case beside moving it: a file for each kind of act, each in one unit of work."""
