"""What a finished diklat earns: numbered, frozen, verifiable, revocable."""
