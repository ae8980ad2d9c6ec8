"""The HTTP API, a thin entry point."""
