"""Pages; nothing here decides."""
