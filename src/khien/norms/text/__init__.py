"""From the file of a regulation to its structure: pure, no Django, no YAML, no database."""
