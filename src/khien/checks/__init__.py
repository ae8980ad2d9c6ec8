"""Running controls over facts, and findings kept as intervals of time."""
