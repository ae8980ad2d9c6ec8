"""Processes that people run (quy trình), from declarations: steps, clauses, decisions, minutes."""
