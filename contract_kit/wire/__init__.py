"""Wires: request → HTTP message, HTTP reply → answer, and malformed messages."""
