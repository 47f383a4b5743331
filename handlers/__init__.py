"""What we answer: one file per conversation. A handler reads a turn and decides; it sends, stores and words nothing."""
