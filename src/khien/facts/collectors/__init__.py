"""Programs that are carried to machines to read their settings; nothing here imports Khiên."""
