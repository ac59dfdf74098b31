"""The pytest plugin: options, markers, fixtures and items; what they do lies in other rooms."""
