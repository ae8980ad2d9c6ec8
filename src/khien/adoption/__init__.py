"""Own texts: from a file to a rulebook in force (đưa văn bản vào áp dụng)."""
