"""Signing in by the rulebook: passwords, second factors, sessions, accounts, tokens, the self-check."""
