"""Review of an imported text: clause by clause, a person confirms what it demands or that it demands nothing."""
