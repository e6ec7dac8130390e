"""Properties of characters in regular expressions, as classes of ranges that Python's `re` takes."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from functools import cache

from local_athena.errors import not_supported

# Names that Java's syntax gives to classes, as POSIX brackets do.
_POSIX: dict[str, Callable[[str], bool]] = {
    "Alpha": lambda c: c.isalpha() or unicodedata.category(c) in ("Nl", "Mn", "Mc"),
    "Digit": lambda c: unicodedata.category(c) == "Nd",
    "Alnum": lambda c: c.isalpha() or unicodedata.category(c) in ("Nl", "Mn", "Mc", "Nd"),
    "Lower": str.islower,
    "Upper": str.isupper,
    "Space": lambda c: c in "\t\n\v\f\r \x85" or unicodedata.category(c)[0] == "Z",
    "Punct": lambda c: unicodedata.category(c)[0] == "P",
    "Cntrl": lambda c: unicodedata.category(c)[0] == "C",
    "Xdigit": lambda c: c in "0123456789abcdefABCDEF",
    "Ascii": lambda c: c < "\x80",
    "Blank": lambda c: c == "\t" or unicodedata.category(c) == "Zs",
}
_GROUPS = {"C": "cfnos", "L": "lmotu", "M": "cen", "N": "dlo", "P": "cdefios", "S": "ckmo", "Z": "lps"}
_CATEGORIES = frozenset(group + letter for group, letters in _GROUPS.items() for letter in ["", *letters])


def ascii_class(name: str) -> str | None:
    """The ranges of a class of Java's syntax within ASCII; None for other properties."""
    test = _POSIX.get(name.capitalize())
    return None if test is None else _ranges(test, 128)


@cache
def python_property(name: str, *, negated: bool) -> str:
    """The ranges of a property: what stands between the brackets of a class.

    Raises:
        AthenaError: NOT_SUPPORTED for a name that is none, or of a script.
    """
    test = _POSIX.get(name.capitalize())
    if test is None and name in _CATEGORIES:
        test = lambda c: unicodedata.category(c).startswith(name)  # noqa: E731
    if test is None:
        raise not_supported(f"The local Athena does not know the character property <{name}>")
    wanted = test
    return _ranges((lambda c: not wanted(c)) if negated else wanted, sys.maxunicode + 1)


def _ranges(test: Callable[[str], bool], end: int) -> str:
    found, start = [], None
    for code in range(end + 1):
        inside = code < end and test(chr(code))
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            found.append(f"{_code(start)}-{_code(code - 1)}")
            start = None
    return "".join(found)


def _code(code: int) -> str:
    # RE2, which reads ASCII ranges too, has no `\\U`.
    return f"\\x{code:02x}" if code < 128 else f"\\U{code:08x}"
