"""The campaign: preflight, boundary cases, confirmation of what they find."""
