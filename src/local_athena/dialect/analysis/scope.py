"""What a name can mean in a place: the columns that can be seen there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError

Uses = frozenset[tuple[int, str]]
"""Columns of scans, by the number of the scan: what must be read to know a value."""

NO_USES: Uses = frozenset()


@dataclass(frozen=True)
class Origin:
    """The column of a scan that a column passes on unchanged, where a condition on it may be applied to the scan."""

    scan: int
    column: str


@dataclass(frozen=True, eq=False)
class Field:
    """A column of a relation in FROM; compared by identity.

    Attributes:
        name: as written where it was named; None without a name.
        value: how DuckDB reads it.
        qualifier: what may stand before its name, in lower case: an alias, or catalog, database and table.
        uses: what must be read to know it.
        origins: where it comes from unchanged; several after UNION.
        hidden: whether `*` leaves it out.
    """

    name: str | None
    value: Typed
    qualifier: tuple[str, ...] = ()
    uses: Uses = NO_USES
    origins: tuple[Origin, ...] = ()
    hidden: bool = False

    def qualified_by(self, prefix: Sequence[str]) -> bool:
        """Whether the parts may stand before the name."""
        count = len(prefix)
        return count == 0 or (count <= len(self.qualifier) and self.qualifier[-count:] == tuple(prefix))


class Scope:
    """The fields of a place, and the scope around it."""

    def __init__(self, fields: Iterable[Field], parent: Scope | None = None, *, inner: bool = False) -> None:
        """Makes a scope; an `inner` one belongs to the same query as its parent."""
        self.fields = tuple(fields)
        self.parent = parent
        self.inner = inner
        self._named: dict[str, list[Field]] = {}
        for field in self.fields:
            if field.name is not None:
                self._named.setdefault(field.name.lower(), []).append(field)

    def value(self, field: Field) -> tuple[Typed, Uses]:
        """How a field of this scope is read here."""
        return field.value, field.uses

    def distance(self, outer: Scope) -> int:
        """How many queries further out another scope is."""
        scope, count = self, 0
        while scope is not outer:
            assert scope.parent is not None, "the other scope stands around this one"
            count += not scope.inner
            scope = scope.parent
        return count

    def resolve(self, parts: Sequence[str]) -> tuple[Scope, Field] | None:
        """The field that a qualified name means, and its scope; None if there is none.

        Raises:
            AthenaError: AMBIGUOUS_NAME if it means several.
        """
        found = self._here(parts)
        if len(found) > 1:
            raise AthenaError("AMBIGUOUS_NAME", f"Column '{'.'.join(parts)}' is ambiguous")
        if found:
            return self, found[0]
        if self.parent is None or any(self._here(parts[:count]) for count in range(1, len(parts))):
            return None
        return self.parent.resolve(parts)

    def knows(self, parts: Sequence[str]) -> bool:
        """Whether the name, or its beginning, is a column here or in a scope around."""
        if any(self._here(parts[:count]) for count in range(1, len(parts) + 1)):
            return True
        return self.parent is not None and self.parent.knows(parts)

    def qualified(self, prefix: Sequence[str]) -> list[Field]:
        """The visible fields of `prefix.*`, of the innermost scope that has any."""
        found = [field for field in self.fields if field.qualifier and field.qualified_by(prefix)]
        if not found and self.parent is not None:
            return self.parent.qualified(prefix)
        return [field for field in found if not field.hidden]

    def _here(self, parts: Sequence[str]) -> list[Field]:
        return [field for field in self._named.get(parts[-1], ()) if field.qualified_by(parts[:-1])]
