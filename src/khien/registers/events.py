"""What the registers room puts on record."""
