"""Numbers of things, in words that agree with them."""

from __future__ import annotations


def counted(count: int, word: str, plural: str = "") -> str:
    """A number and its word. plural: of the word, where it is not made with an `s`.

    >>> counted(1, "case"), counted(2, "fix", "fixes")
    ('1 case', '2 fixes')
    """
    return f"{count} {word if count == 1 else plural or word + 's'}"
