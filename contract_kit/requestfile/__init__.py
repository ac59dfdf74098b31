"""Request files: formats, dialects, and the exact place of whatever breaks a constraint."""
