"""What a unit plans and pays for: plans from the gaps, the share of money for security, clocks of suppliers."""
