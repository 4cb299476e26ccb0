"""What somebody outside asks of the office, and the one queue in which the office answers."""
