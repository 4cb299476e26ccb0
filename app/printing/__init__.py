"""Data and a template become a page: PDF, picture, QR code. Knows nothing of what is printed."""
