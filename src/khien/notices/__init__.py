"""What people are told: notices in the pages, one digest by e-mail a day, the queue to the mail server."""
