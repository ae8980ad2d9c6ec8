"""Official documents built from a frozen snapshot."""
