"""Pages that read across packages: the batch workspace, the person page."""
