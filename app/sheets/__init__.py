"""Tables as files for spreadsheets; no domain word."""
