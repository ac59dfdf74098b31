"""Verdicts → terminal, JSON and commands that reproduce a finding."""
