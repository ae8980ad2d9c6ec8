"""What must be done, by when, and which clause says so; each module is a source, `gathered` asks them all."""
