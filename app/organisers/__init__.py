"""Who runs diklat: dinas and training units, their names by period, their signers by term."""
