"""What config.yml says, section by section."""
