def spelling_anomalies(content): return []
