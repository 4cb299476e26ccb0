"""Outbox: a message is a row written with the decision it tells of, and sent after it."""
