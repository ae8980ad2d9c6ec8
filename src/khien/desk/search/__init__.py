"""One search over everything a person may see; see ADR 0011."""
