"""Outbox: a message is a row written with the decision it is about, and sent after it."""
