"""Seeded faults: each changes one step of the correct implementation, by general mechanisms."""
