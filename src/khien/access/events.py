"""What the access room puts on record."""

from khien.access.token_events import TOKEN_MADE as TOKEN_MADE
from khien.access.token_events import TOKEN_REVOKED as TOKEN_REVOKED
