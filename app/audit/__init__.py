"""What was done, by whom: append only, without foreign keys, so that history outlives its subjects."""
