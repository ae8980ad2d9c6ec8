def cite(nodes, metadata, by_path, prefixes, sections): return [], []
