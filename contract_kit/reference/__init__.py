"""An embedded, correct implementation of a small service, and seeded faults of it."""
