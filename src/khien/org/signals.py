"""What other rooms may listen to; a listener runs in the transaction of the change it hears of."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with user: User. Whoever keeps sessions or tokens ends them.
user_disabled = Signal()
