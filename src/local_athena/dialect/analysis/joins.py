"""Joins: which columns they give, and what their conditions restrict."""

from __future__ import annotations

from dataclasses import replace

from local_athena.dialect import casts, operators
from local_athena.dialect.analysis.scope import NO_USES, Field, Scope, Uses
from local_athena.dialect.analysis.statement import Source, error_at, located
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import common_type

_NULLABLE_LEFT = ("right", "full")
_NULLABLE_RIGHT = ("left", "full")


class ForbiddenScope(Scope):
    """What stands left of a RIGHT or FULL JOIN: known, but not to be read by LATERAL."""

    def __init__(self, fields: tuple[Field, ...], parent: Scope | None, kind: str) -> None:
        super().__init__(fields, parent)
        self.kind = kind

    def value(self, field: Field) -> tuple[Typed, Uses]:  # noqa: ARG002 none may be read
        """Refuses."""
        message = f"LATERAL reference not allowed in {self.kind.upper()} JOIN"
        raise AthenaError("INVALID_COLUMN_REFERENCE", message)


def joined_sql(node: tree.Join, left: Source, right: Source, condition: str | None) -> str:
    """The join in DuckDB's FROM."""
    right_sql = right.sql if right.alias is not None else f"({right.sql})"
    if condition is None:
        return f"{left.sql} CROSS JOIN {right_sql}"
    return f"{left.sql} {node.kind.upper()} JOIN {right_sql} ON {condition}"


def joined_fields(kind: str, left: Source, right: Source) -> tuple[Field, ...]:
    """The fields of a join: those of both sides."""
    return _side(left, nullable=kind in _NULLABLE_LEFT) + _side(right, nullable=kind in _NULLABLE_RIGHT)


def condition_scopes(kind: str, left: Source, right: Source) -> Scope | None:
    """The fields that the condition restricts in their tables; an outer side keeps all of its rows."""
    if kind == "full":
        return None
    return Scope(_side(left, nullable=kind == "left") + _side(right, nullable=kind == "right"))


def _side(source: Source, *, nullable: bool) -> tuple[Field, ...]:
    """The fields of a side; what is asked of a side that may be null must not be asked of its table."""
    if not nullable:
        return source.fields
    return tuple(replace(field, origins=()) for field in source.fields)


def using_fields(node: tree.Join, left: Source, right: Source) -> tuple[tuple[Field, ...], str, Uses]:
    """The fields of `JOIN … USING`, the common ones once and first; the condition, and what it reads."""
    assert node.using is not None
    common: list[Field] = []
    conditions: list[str] = []
    taken: set[Field] = set()
    for name in node.using:
        one, other = _only(left, name, "left"), _only(right, name, "right")
        try:
            conditions.append(operators.compare("=", one.value, other.value).sql)
        except AthenaError as error:
            raise located(error, name.at) from None
        common.append(_merged(node.kind, name.value, one, other))
        taken |= {one, other}
    rest = joined_fields(
        node.kind,
        replace(left, fields=tuple(field for field in left.fields if field not in taken)),
        replace(right, fields=tuple(field for field in right.fields if field not in taken)),
    )
    return (*common, *rest), " AND ".join(conditions), NO_USES.union(*(field.uses for field in taken))


def _only(source: Source, name: tree.Identifier, side: str) -> Field:
    found = [field for field in source.fields if field.name is not None and field.name.lower() == name.name]
    if not found:
        raise error_at(name, "COLUMN_NOT_FOUND", f"Column '{name.name}' is missing from {side} side of join")
    if len(found) > 1:
        raise error_at(name, "AMBIGUOUS_NAME", f"Column '{name.name}' is ambiguous")
    return found[0]


def _merged(kind: str, name: str, left: Field, right: Field) -> Field:
    """The common column: of the side that always has it, or of either."""
    type_ = common_type(left.value.type, right.value.type)
    assert type_ is not None, "the columns have just been compared"
    uses = left.uses | right.uses
    if kind in ("inner", "left"):
        origins = left.origins if left.value.type == type_ else ()
        return Field(name, casts.coerce(left.value, type_), uses=uses, origins=origins)
    if kind == "right":
        origins = right.origins if right.value.type == type_ else ()
        return Field(name, casts.coerce(right.value, type_), uses=uses, origins=origins)
    either = [casts.coerce(side.value, type_).sql for side in (left, right)]
    return Field(name, Typed(f"coalesce({', '.join(either)})", type_), uses=uses)
