"""Regulations, controls, and the rulebook that follows from them."""
