"""Tables of what was read from machines, with where each row comes from."""
