"""The pytest plugin: options, markers, fixtures and items; other rooms do the work."""
