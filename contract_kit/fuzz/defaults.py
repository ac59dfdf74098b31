"""Defaults of options; loads nothing, since `--help` shows them."""

from __future__ import annotations

EXAMPLES = 700
"""Requests beyond the cases: two seconds, where the target takes no time."""

REGION = "us-east-1"
"""The region that requests are signed for."""

STARTUP = 30.0
"""Seconds in which a target may give its first answer of any kind."""
