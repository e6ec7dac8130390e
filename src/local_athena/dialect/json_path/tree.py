"""The tree of a JSON path."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Literal:
    """A number, string, boolean or null."""

    value: int | float | Decimal | str | bool | None


@dataclass(frozen=True)
class Root:
    """`$`."""


@dataclass(frozen=True)
class Current:
    """`@`, the item that a filter looks at."""


@dataclass(frozen=True)
class Last:
    """`last`, the last index of an array."""


@dataclass(frozen=True)
class Variable:
    """`$name`, given by PASSING."""

    name: str


@dataclass(frozen=True)
class Sign:
    """`+` or `-` before a path."""

    operator: str
    base: Path


@dataclass(frozen=True)
class Arithmetic:
    """`+`, `-`, `*`, `/`, `%`."""

    operator: str
    left: Path
    right: Path


@dataclass(frozen=True)
class Member:
    """`.key`; `.*` without a key."""

    base: Path
    key: str | None


@dataclass(frozen=True)
class Descendants:
    """`..key`."""

    base: Path
    key: str


@dataclass(frozen=True)
class Elements:
    """`[0, 2 to last]`; `[*]` without subscripts."""

    base: Path
    subscripts: tuple[tuple[Path, Path], ...] | None


@dataclass(frozen=True)
class Filter:
    """`? (predicate)`."""

    base: Path
    predicate: Predicate


@dataclass(frozen=True)
class Method:
    """`.size()` and the like."""

    base: Path
    name: str


@dataclass(frozen=True)
class Comparison:
    """`==`, `<>`, `!=`, `<`, `<=`, `>`, `>=`."""

    operator: str
    left: Path
    right: Path


@dataclass(frozen=True)
class StartsWith:
    """`starts with`."""

    base: Path
    prefix: Path


@dataclass(frozen=True)
class Exists:
    """`exists (path)`."""

    path: Path


@dataclass(frozen=True)
class IsUnknown:
    """`(predicate) is unknown`."""

    predicate: Predicate


@dataclass(frozen=True)
class Negation:
    """`!(predicate)`."""

    predicate: Predicate


@dataclass(frozen=True)
class Connective:
    """`&&` or `||`."""

    operator: str
    left: Predicate
    right: Predicate


Path = (
    Literal | Root | Current | Last | Variable | Sign | Arithmetic | Member | Descendants | Elements | Filter | Method
)
Predicate = Comparison | StartsWith | Exists | IsUnknown | Negation | Connective


@dataclass(frozen=True)
class JsonPath:
    """A whole path, and whether its mode is lax."""

    path: Path
    lax: bool
