"""Before the cases: is there an implementation, and which requests does it accept?"""
