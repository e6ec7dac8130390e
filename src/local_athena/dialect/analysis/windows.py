"""Windows: what stands in OVER, with Trino's rules for frames, as DuckDB's text."""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.dialect import casts
from local_athena.dialect.analysis.expressions import ExpressionAnalyser
from local_athena.dialect.analysis.statement import error_at
from local_athena.dialect.operators.indeterminate import order_sql
from local_athena.dialect.operators.keys import key_sql
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import Typed
from local_athena.errors import not_supported, raise_sql
from local_athena.types.coercion import is_comparable, is_orderable
from local_athena.types.model import (
    BIGINT,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL_DAY_TO_SECOND,
    INTERVAL_YEAR_TO_MONTH,
    REAL,
    SMALLINT,
    TINYINT,
    Decimal,
    Time,
    Timestamp,
    Type,
)

_INTEGERS = (TINYINT, SMALLINT, INTEGER, BIGINT)
_INTERVALS: dict[Type, str] = {INTERVAL_DAY_TO_SECOND: "to_milliseconds", INTERVAL_YEAR_TO_MONTH: "to_months"}
_NEED_ORDER = ("lag", "lead")
_BAD_OFFSET = raise_sql("INVALID_WINDOW_FRAME", "'Window frame offset value must not be negative or null'")


def window_sql(
    analyser: ExpressionAnalyser,
    place: tree.Window | tree.Identifier,
    named: Mapping[str, tree.Window],
    function: str | None = None,
) -> str:
    """DuckDB's text of a window.

    Args:
        analyser: of what stands in it.
        place: the window, or the name of one.
        named: windows that the WINDOW clause names.
        function: the name of the function that has it; None if it is only to be checked.

    Raises:
        AthenaError: INVALID_WINDOW_REFERENCE, INVALID_WINDOW_FRAME, MISSING_ORDER_BY, TYPE_MISMATCH, ….
    """
    window = resolved(place, named)
    if function in _NEED_ORDER:
        if not window.order_by:
            raise error_at(place, "MISSING_ORDER_BY", f"{function} function requires an ORDER BY window clause")
        if window.frame is not None:
            message = f"Cannot specify window frame for {function} function"
            raise error_at(window.frame, "INVALID_WINDOW_FRAME", message)
    parts = []
    if window.partition_by:
        parts.append("PARTITION BY " + ", ".join(_partition(analyser, key) for key in window.partition_by))
    keys = [(_sort_key(analyser, item), item) for item in window.order_by]
    if keys:
        parts.append("ORDER BY " + ", ".join(f"{order_sql(key.sql, key.type)} {direction(item)}" for key, item in keys))
    if window.frame is not None:
        parts.append(_Frame(analyser, window, [key for key, _ in keys], place).sql())
    return f"({' '.join(parts)})"


def resolved(window: tree.Window | tree.Identifier, named: Mapping[str, tree.Window]) -> tree.Window:
    """A window without references to named ones.

    Raises:
        AthenaError: INVALID_WINDOW_REFERENCE, and the errors of extending a window twice.
    """
    reference = window if isinstance(window, tree.Identifier) else window.base
    if reference is None:
        assert isinstance(window, tree.Window)
        return window
    base = named.get(reference.name)
    if base is None:
        raise error_at(reference, "INVALID_WINDOW_REFERENCE", f"Cannot resolve WINDOW name {reference.value}")
    base = resolved(base, named)
    if isinstance(window, tree.Identifier):
        return base
    if window.partition_by:
        message = "WINDOW specification with named WINDOW reference cannot specify PARTITION BY"
        raise error_at(window.partition_by[0], "INVALID_PARTITION_BY", message)
    if window.order_by and base.order_by:
        message = "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY"
        raise error_at(window, "INVALID_ORDER_BY", message)
    if base.frame is not None:
        message = "Cannot reference named WINDOW containing frame specification"
        raise error_at(reference, "INVALID_WINDOW_REFERENCE", message)
    return tree.Window(None, base.partition_by, window.order_by or base.order_by, window.frame, at=window.at)


def direction(item: tree.SortItem) -> str:
    """How DuckDB sorts by a key, e.g. `desc nulls last`."""
    return f"{'desc' if item.descending else 'asc'} nulls {'first' if item.nulls_first else 'last'}"


def _partition(analyser: ExpressionAnalyser, node: tree.Expression) -> str:
    key = analyser.analyse(node)
    if not is_comparable(key.type):
        message = f"{key.type} is not comparable, and therefore cannot be used in window function PARTITION BY"
        raise error_at(node, "TYPE_MISMATCH", message)
    return key_sql(key.sql, key.type)


def _sort_key(analyser: ExpressionAnalyser, item: tree.SortItem) -> Typed:
    key = analyser.analyse(item.key)
    if not is_orderable(key.type):
        message = f"{key.type} is not orderable, and therefore cannot be used in window function ORDER BY"
        raise error_at(item, "TYPE_MISMATCH", message)
    return key


class _Frame:
    """The frame of a window."""

    def __init__(self, analyser: ExpressionAnalyser, window: tree.Window, keys: list[Typed], place: tree.Node) -> None:
        assert window.frame is not None
        self.analyser = analyser
        self.frame = window.frame
        self.keys = keys
        self.place = place
        self.sort_item = window.order_by[0] if window.order_by else None

    def sql(self) -> str:
        """DuckDB's text."""
        self._check_bounds()
        offsets = self.frame.start.offset is not None or (
            self.frame.end is not None and self.frame.end.offset is not None
        )
        if self.frame.unit == "groups" and not self.keys:
            self._raise("MISSING_ORDER_BY", "Window frame of type GROUPS PRECEDING or FOLLOWING requires ORDER BY")
        if self.frame.unit == "range" and offsets:
            self._check_range()
        start = self._bound(self.frame.start, "start")
        end = "CURRENT ROW" if self.frame.end is None else self._bound(self.frame.end, "end")
        return f"{self.frame.unit.upper()} BETWEEN {start} AND {end}"

    def _raise(self, name: str, message: str) -> None:
        raise error_at(self.place, name, message)

    def _check_bounds(self) -> None:
        start, end = self.frame.start, self.frame.end
        last = "current row" if end is None else end.kind
        wrong = None
        if start.kind == "unbounded following":
            wrong = "Window frame start cannot be UNBOUNDED FOLLOWING"
        elif last == "unbounded preceding":
            wrong = "Window frame end cannot be UNBOUNDED PRECEDING"
        elif start.kind == "current row" and last == "preceding":
            wrong = "Window frame starting from CURRENT ROW cannot end with PRECEDING"
        elif start.kind == "following" and last in ("preceding", "current row"):
            wrong = f"Window frame starting from FOLLOWING cannot end with {last.upper()}"
        if wrong:
            raise error_at(self.frame, "INVALID_WINDOW_FRAME", wrong)

    def _check_range(self) -> None:
        what = "Window frame of type RANGE PRECEDING or FOLLOWING requires"
        if not self.keys:
            self._raise("MISSING_ORDER_BY", f"{what} ORDER BY")
        if len(self.keys) > 1:
            self._raise("INVALID_ORDER_BY", f"{what} single sort item in ORDER BY (actual: {len(self.keys)})")
        type_ = self.keys[0].type
        if not (_is_numeric(type_) or type_ == DATE or isinstance(type_, (Time, Timestamp)) or type_ in _INTERVALS):
            assert self.sort_item is not None
            message = f"{what} that sort item type be numeric, datetime or interval (actual: {type_})"
            raise error_at(self.sort_item, "TYPE_MISMATCH", message)

    def _bound(self, bound: tree.FrameBound, which: str) -> str:
        if bound.offset is None:
            return bound.kind.upper()
        offset = self.analyser.analyse(bound.offset)
        sql = (
            self._range_offset(offset, bound) if self.frame.unit == "range" else self._row_offset(offset, bound, which)
        )
        return f"{sql} {bound.kind.upper()}"

    def _row_offset(self, offset: Typed, bound: tree.FrameBound, which: str) -> str:
        integral = offset.type in _INTEGERS or (isinstance(offset.type, Decimal) and offset.type.scale == 0)
        if not integral:
            unit = self.frame.unit.upper()
            message = (
                f"Window frame {unit} {which} value type must be exact numeric type with scale 0 (actual {offset.type})"
            )
            raise error_at(bound, "TYPE_MISMATCH", message)
        return _checked(casts.cast(offset, BIGINT).sql)

    def _range_offset(self, offset: Typed, bound: tree.FrameBound) -> str:
        key = self.keys[0].type
        to_interval = _INTERVALS.get(offset.type)
        if to_interval is not None and (key == DATE or (isinstance(key, Timestamp) and not key.zoned)):
            return f"{to_interval}({_checked(offset.sql)})"
        if _is_numeric(key) and _is_numeric(offset.type):
            return _checked(offset.sql)
        if offset.type in _INTERVALS:
            raise not_supported(f"RANGE with offsets of {offset.type} over {key} is not supported")
        message = f"Window frame RANGE value type ({offset.type}) not compatible with sort item type ({key})"
        raise error_at(bound, "TYPE_MISMATCH", message)


def _checked(sql: str) -> str:
    """The offset; negative or null is an error when the SQL runs."""
    return f"(CASE WHEN {sql} >= 0 THEN {sql} ELSE {_BAD_OFFSET} END)"


def _is_numeric(type_: Type) -> bool:
    return type_ in (*_INTEGERS, REAL, DOUBLE) or isinstance(type_, Decimal)
