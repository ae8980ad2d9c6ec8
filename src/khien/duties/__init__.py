"""Duties on the calendar (nghĩa vụ theo kỳ): what is due when, closed by proof, never by a tick."""
