"""Targets: one verb, `send(message) -> Reply`; every failure of a target becomes data."""
