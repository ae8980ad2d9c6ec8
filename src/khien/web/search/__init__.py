"""Search over everything from one box: only what the person may see, with or without tone marks."""
