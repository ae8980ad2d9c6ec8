"""What each page shows, put together from the selectors of the rooms below; nothing here decides."""
