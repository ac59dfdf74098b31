"""Documentation pages and service models → facts with their origins → JSON Schema documents."""
