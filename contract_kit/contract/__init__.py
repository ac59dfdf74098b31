"""The contract: operations, shapes and constraints as frozen data read from JSON Schemas."""
