"""What lies on the desk: the day's tasks and search over everything; read only, without addresses."""
