"""Settings that the desk owns: what it changed of config.yml, read by config.yml's own readers, and written back."""
