"""First pages by role, the menu, the event log."""
