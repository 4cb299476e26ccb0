"""A seat in a batch: asked for or given, decided, waited for, withdrawn."""
