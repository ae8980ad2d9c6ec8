"""The command khien; nothing here decides."""
