"""The command line: parses arguments, calls the library, maps to an exit code."""
