"""Near misses: what the author of a file probably meant."""

from __future__ import annotations

from collections.abc import Collection


def nearest(given: str, known: Collection[str]) -> tuple[str, bool] | None:
    """The known word that is nearest to the given one, and whether only the case differs.

    None where nothing is near, or where two words differ in nothing but case.
    """
    lowered = given.lower()
    same = [word for word in known if word.lower() == lowered]
    if same:
        return (same[0], True) if len(same) == 1 else None
    if len(given) > 200:
        return None
    plain = _plain(given)
    same = [word for word in known if _plain(word) == plain]
    if len(same) == 1:
        return same[0], False
    # Costs a few milliseconds, which a file without findings does not pay.
    import difflib

    by_lowered = {word.lower(): word for word in known}
    found = difflib.get_close_matches(lowered, by_lowered, n=1, cutoff=0.7)
    return (by_lowered[found[0]], False) if found else None


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")
