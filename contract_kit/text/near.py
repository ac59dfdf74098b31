"""Near misses: which known word someone probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

LONGEST = 200
"""Characters of a word that is compared; the search takes the square of them."""


def nearest(
    given: str, known: Collection[str], *, likeness: float = 0.7
) -> tuple[str, bool] | None:
    """The known word that is nearest to the given one, and whether only the case differs.

    None where nothing is near, or where two words differ in nothing but case.
    likeness: how like it has to be, from 0 to 1; of words that differ in no sign but `-`, `_` and
    blanks, whatever it is.

    >>> nearest("SSM", ["cases", "ssm"])
    ('ssm', True)
    >>> nearest("start-archive-exprt", ["GetArchive", "StartArchiveExport"])
    ('StartArchiveExport', False)
    """
    lowered = given.lower()
    same = [word for word in known if word.lower() == lowered]
    if same:
        return (same[0], True) if len(same) == 1 else None
    plain = _plain(given)
    same = [word for word in known if _plain(word) == plain]
    if len(same) == 1 and len(given) <= LONGEST:
        return same[0], False
    found = alike(given, known, most=1, likeness=likeness)
    return (found[0], False) if found else None


def alike(given: str, known: Iterable[str], *, most: int, likeness: float) -> list[str]:
    """The known words that are most like the given one, the nearest first; as for `nearest`."""
    if len(given) > LONGEST:
        return []
    # Costs a few milliseconds, which only a wrong word pays.
    import difflib

    by_plain = {_plain(word): word for word in known if len(word) <= LONGEST}
    found = difflib.get_close_matches(_plain(given), by_plain, n=most, cutoff=likeness)
    return [by_plain[word] for word in found]


def meant(*words: str) -> str:
    """A question that names what was probably meant; nothing for no word.

    >>> meant("sqs", "sns")
    'did you mean sqs or sns?'
    """
    return f"did you mean {' or '.join(words)}?" if words else ""


def did_you_mean(given: str, known: Iterable[str], *, form: str = "{}", otherwise: str = "") -> str:
    """A question that names the nearest known word; where nothing is near, what else to say.

    form: how the word is written.

    >>> did_you_mean("ArchiveID", ["ArchiveId", "MaxResults"])
    'did you mean ArchiveId?'
    >>> did_you_mean("x", ["ArchiveId"], otherwise="remove it")
    'remove it'
    """
    near = nearest(given, tuple(known), likeness=0.6)
    return meant(form.format(near[0])) if near else otherwise


def one_of(given: str, known: Iterable[str]) -> str:
    """The known words of a short list, and the one that was probably meant.

    >>> one_of("fromat", ["fix", "format"])
    'fix, format; did you mean format?'
    """
    words = tuple(known)
    near = did_you_mean(given, words)
    return ", ".join(words) + (f"; {near}" if near else "")


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")
