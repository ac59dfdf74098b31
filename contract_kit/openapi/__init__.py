"""The contract as an OpenAPI 3.1 document, for tools that read those."""
