"""Text for people, whatever it is about."""
