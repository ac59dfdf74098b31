"""Findings in the formats that people and tools read; all are made from one model."""
