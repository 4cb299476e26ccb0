"""All components of the pages in all their states, for those who build pages; not there in production."""
