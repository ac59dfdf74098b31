"""Settings of a repository that hold at every door: its own contracts, and what is switched off."""
