"""Presence: entered per block, kept per session, counted in JP."""
