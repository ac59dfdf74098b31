"""Pure judgement: a case and the answers to it and its twin → what that says of a constraint."""
