"""Suggestions for the clauses of a text never seen before: controls, parameters, modality, actor, deadline."""
