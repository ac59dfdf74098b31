"""What travels to the target and back: exchanges, the memo of replies, confirmation."""
