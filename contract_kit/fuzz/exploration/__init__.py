"""Beyond the listed cases: finer ones, concurrent requests, requests drawn at random."""
