"""Programs that read one machine each; every file stands alone."""
