"""Traffic with the target: exchanges, the memo of replies, confirmation."""
