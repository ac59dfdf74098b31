"""The regular expressions of AWS service models: matching, and strings that match or nearly do."""
