"""Words of the machine: time, text, transactions, errors, keys. No HTTP, no domain."""
