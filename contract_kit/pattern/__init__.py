"""The regular expressions of AWS service models: what they match, and strings that do or do not."""
