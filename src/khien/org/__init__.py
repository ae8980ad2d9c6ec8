"""The unit tree and the people in it."""
