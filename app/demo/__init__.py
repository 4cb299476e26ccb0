"""Content to look at: a believable kabupaten, made through the services."""
