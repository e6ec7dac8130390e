"""The tree of a statement, as Trino's grammar has it.

Positions do not count when two nodes are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field

At = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """Anything in the tree.

    Attributes:
        at: line and column, from 1, that Trino names in messages about it.
    """

    at: At = field(default=(1, 1), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Identifier(Node):
    """A name as written; as an expression, a column."""

    value: str
    quoted: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        """The name in lower case, as names are compared."""
        return self.value.lower()


@dataclass(frozen=True)
class Name(Node):
    """A qualified name, e.g. of a table."""

    parts: tuple[Identifier, ...]

    def __str__(self) -> str:
        return ".".join(part.name for part in self.parts)


# --- expressions


@dataclass(frozen=True)
class Dereference(Node):
    """`base.field`: a qualified column, or a field of a row."""

    base: Expression
    field: Identifier


@dataclass(frozen=True)
class Number(Node):
    """A number literal, in decimal notation."""

    text: str


@dataclass(frozen=True)
class String(Node):
    """A string literal, its quotes taken off."""

    value: str


@dataclass(frozen=True)
class Binary(Node):
    """`X'…'`."""

    digits: str


@dataclass(frozen=True)
class Boolean(Node):
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True)
class Null(Node):
    """NULL."""


@dataclass(frozen=True)
class TypedLiteral(Node):
    """`DATE '…'` and the like."""

    type_name: str
    text: str


@dataclass(frozen=True)
class Interval(Node):
    """`INTERVAL [-] '…' unit [TO unit]`; units in lower case."""

    text: str
    unit: str
    to_unit: str | None = None
    negative: bool = False


@dataclass(frozen=True)
class Parameter(Node):
    """`?`, counted from 0."""

    index: int


@dataclass(frozen=True)
class Current(Node):
    """`current_date`, `localtimestamp(3)`, `current_user`, …; in lower case."""

    what: str
    precision: int | None = None


@dataclass(frozen=True)
class Unary(Node):
    """`-` or `+`."""

    operator: str
    value: Expression


@dataclass(frozen=True)
class Arithmetic(Node):
    """`+`, `-`, `*`, `/`, `%`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Concat(Node):
    """`||`."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class AtTimeZone(Node):
    """`AT TIME ZONE`; the zone is a string or an interval."""

    value: Expression
    zone: Expression


@dataclass(frozen=True)
class Compare(Node):
    """A comparison; `!=` is `<>`; also `is distinct from`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Quantified(Node):
    """`value <operator> ANY|SOME|ALL (query)`."""

    operator: str
    quantifier: str
    value: Expression
    query: Query


@dataclass(frozen=True)
class Not(Node):
    """NOT, also of `NOT IN`, `NOT LIKE`, `NOT BETWEEN`, `IS NOT NULL`, `IS NOT DISTINCT FROM`."""

    value: Expression


@dataclass(frozen=True)
class Logical(Node):
    """`and` or `or` of two or more terms."""

    operator: str
    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class IsNull(Node):
    """IS NULL."""

    value: Expression


@dataclass(frozen=True)
class Between(Node):
    """BETWEEN."""

    value: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True)
class InList(Node):
    """IN of expressions."""

    value: Expression
    options: tuple[Expression, ...]


@dataclass(frozen=True)
class InQuery(Node):
    """IN of a query."""

    value: Expression
    query: Query


@dataclass(frozen=True)
class Like(Node):
    """LIKE."""

    value: Expression
    pattern: Expression
    escape: Expression | None = None


@dataclass(frozen=True)
class Exists(Node):
    """EXISTS."""

    query: Query


@dataclass(frozen=True)
class Subquery(Node):
    """A query as a value."""

    query: Query


@dataclass(frozen=True)
class When(Node):
    """A branch of CASE."""

    condition: Expression
    result: Expression


@dataclass(frozen=True)
class Case(Node):
    """CASE; without an operand its conditions are booleans."""

    operand: Expression | None
    whens: tuple[When, ...]
    default: Expression | None


@dataclass(frozen=True)
class Cast(Node):
    """CAST or TRY_CAST; the type as written."""

    value: Expression
    type_text: str
    safe: bool = False


@dataclass(frozen=True)
class Extract(Node):
    """EXTRACT; the field in lower case."""

    field: str
    value: Expression


@dataclass(frozen=True)
class Subscript(Node):
    """`value[index]`."""

    value: Expression
    index: Expression


@dataclass(frozen=True)
class ArrayOf(Node):
    """`ARRAY[…]`."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True)
class RowOf(Node):
    """`ROW(…)` or `(a, b)`."""

    fields: tuple[Expression, ...]


@dataclass(frozen=True)
class LambdaOf(Node):
    """`(x, y) -> body`."""

    parameters: tuple[Identifier, ...]
    body: Expression


@dataclass(frozen=True)
class Grouping(Node):
    """`GROUPING(a, b)`."""

    columns: tuple[Expression, ...]


@dataclass(frozen=True)
class JsonBehaviour(Node):
    """What stands before ON EMPTY or ON ERROR, in lower case; `default` has a value."""

    kind: str
    value: Expression | None = None


@dataclass(frozen=True)
class JsonValue(Node):
    """A value that is JSON text already if it has FORMAT JSON; with its name in PASSING."""

    value: Expression
    formatted: bool = False
    name: Identifier | None = None


@dataclass(frozen=True)
class JsonPathCall(Node):
    """JSON_EXISTS, JSON_VALUE or JSON_QUERY.

    Attributes:
        name: in lower case.
        wrapper: `without`, `conditional` or `unconditional`.
        quotes: `keep` or `omit`; None if nothing is said.
    """

    name: str
    source: JsonValue
    path: String
    passing: tuple[JsonValue, ...] = ()
    returning: str | None = None
    wrapper: str = "without"
    quotes: str | None = None
    on_empty: JsonBehaviour | None = None
    on_error: JsonBehaviour | None = None


@dataclass(frozen=True)
class JsonMember(Node):
    """An element of JSON_ARRAY, or a key and its value of JSON_OBJECT."""

    key: Expression | None
    value: JsonValue


@dataclass(frozen=True)
class JsonBuild(Node):
    """JSON_ARRAY or JSON_OBJECT.

    Attributes:
        name: in lower case.
        absent_on_null: whether nulls are left out.
        unique: whether a key may not stand twice.
    """

    name: str
    members: tuple[JsonMember, ...]
    absent_on_null: bool
    unique: bool = False
    returning: str | None = None


@dataclass(frozen=True)
class SortItem(Node):
    """A key of ORDER BY; `nulls_first` is false where nothing is said."""

    key: Expression
    descending: bool = False
    nulls_first: bool = False


@dataclass(frozen=True)
class FrameBound(Node):
    """`unbounded preceding`, `preceding`, `current row`, `following`, `unbounded following`, with its offset."""

    kind: str
    offset: Expression | None = None


@dataclass(frozen=True)
class Frame(Node):
    """`ROWS|RANGE|GROUPS BETWEEN start AND end`."""

    unit: str
    start: FrameBound
    end: FrameBound | None


@dataclass(frozen=True)
class Window(Node):
    """What stands in OVER or in the WINDOW clause."""

    base: Identifier | None = None
    partition_by: tuple[Expression, ...] = ()
    order_by: tuple[SortItem, ...] = ()
    frame: Frame | None = None


@dataclass(frozen=True)
class Call(Node):
    """A function call.

    Attributes:
        name: as written.
        arguments: empty for `count(*)`, which `star` tells from `count()`.
        over: a window, or the name of one.
        nulls: `ignore`, `respect` or None.
    """

    name: Name
    arguments: tuple[Expression, ...]
    star: bool = False
    distinct: bool = False
    order_by: tuple[SortItem, ...] = ()
    condition: Expression | None = None
    over: Window | Identifier | None = None
    nulls: str | None = None


Expression = (
    Identifier
    | Dereference
    | Number
    | String
    | Binary
    | Boolean
    | Null
    | TypedLiteral
    | Interval
    | Parameter
    | Current
    | Unary
    | Arithmetic
    | Concat
    | AtTimeZone
    | Compare
    | Quantified
    | Not
    | Logical
    | IsNull
    | Between
    | InList
    | InQuery
    | Like
    | Exists
    | Subquery
    | Case
    | Cast
    | Extract
    | Subscript
    | ArrayOf
    | RowOf
    | LambdaOf
    | Grouping
    | JsonPathCall
    | JsonBuild
    | Call
)


# --- relations


@dataclass(frozen=True)
class TableRef(Node):
    """A name in FROM, perhaps of an older version: `timestamp` or `version`."""

    name: Name
    version_kind: str | None = None
    version: Expression | None = None


@dataclass(frozen=True)
class Derived(Node):
    """A query in FROM."""

    query: Query
    lateral: bool = False


@dataclass(frozen=True)
class Unnest(Node):
    """UNNEST."""

    values: tuple[Expression, ...]
    ordinality: bool = False


@dataclass(frozen=True)
class TableArgument(Node):
    """An argument of a table function: an expression, a `TABLE(query)`, or a `DESCRIPTOR(names)`."""

    name: Identifier | None
    value: Expression | Derived | TableRef | tuple[Identifier, ...]


@dataclass(frozen=True)
class TableCall(Node):
    """`TABLE(function(…))`."""

    name: Name
    arguments: tuple[TableArgument, ...]


@dataclass(frozen=True)
class Aliased(Node):
    """`relation AS alias (columns)`."""

    relation: Relation
    alias: Identifier
    columns: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class Sampled(Node):
    """TABLESAMPLE; the method in lower case."""

    relation: Relation
    method: str
    percentage: Expression


@dataclass(frozen=True)
class Join(Node):
    """A join: `cross`, `inner`, `left`, `right` or `full`."""

    kind: str
    left: Relation
    right: Relation
    condition: Expression | None = None
    using: tuple[Identifier, ...] | None = None
    natural: bool = False


@dataclass(frozen=True)
class PatternMatch(Node):
    """MATCH_RECOGNIZE."""

    relation: Relation


Relation = TableRef | Derived | Unnest | TableCall | Aliased | Sampled | Join | PatternMatch


# --- queries


@dataclass(frozen=True)
class SelectItem(Node):
    """An expression with its alias."""

    value: Expression
    alias: Identifier | None = None


@dataclass(frozen=True)
class Star(Node):
    """`*`, `t.*`, or `row.* AS (names)`."""

    target: Expression | None = None
    aliases: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class GroupingElement(Node):
    """`simple`, `rollup`, `cube` or `grouping sets` of sets of expressions."""

    kind: str
    sets: tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True)
class GroupBy(Node):
    """GROUP BY."""

    elements: tuple[GroupingElement, ...]
    distinct: bool = False


@dataclass(frozen=True)
class Limit(Node):
    """LIMIT or FETCH FIRST; a count of None is all of them."""

    count: int | Parameter | None
    ties: bool = False
    fetch: bool = False


@dataclass(frozen=True)
class Offset(Node):
    """OFFSET."""

    count: int | Parameter


@dataclass(frozen=True)
class Select(Node):
    """SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …."""

    items: tuple[SelectItem | Star, ...]
    distinct: bool = False
    relation: Relation | None = None
    where: Expression | None = None
    group_by: GroupBy | None = None
    having: Expression | None = None
    windows: tuple[tuple[Identifier, Window], ...] = ()


@dataclass(frozen=True)
class Values(Node):
    """VALUES."""

    rows: tuple[Expression, ...]


@dataclass(frozen=True)
class SetOperation(Node):
    """UNION, INTERSECT or EXCEPT, in lower case."""

    operator: str
    left: Body
    right: Body
    distinct: bool = True


@dataclass(frozen=True)
class WithQuery(Node):
    """A named query of WITH."""

    name: Identifier
    query: Query
    columns: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class Query(Node):
    """A query with all its clauses; `TABLE t` is a TableRef as a body."""

    body: Body
    with_queries: tuple[WithQuery, ...] = ()
    recursive: bool = False
    order_by: tuple[SortItem, ...] = ()
    offset: Offset | None = None
    limit: Limit | None = None


Body = Select | Values | SetOperation | TableRef | Query


# --- changes


@dataclass(frozen=True)
class Insert(Node):
    """INSERT; no columns means all."""

    table: Name
    columns: tuple[Identifier, ...]
    query: Query


@dataclass(frozen=True)
class Delete(Node):
    """DELETE."""

    table: Name
    where: Expression | None = None


@dataclass(frozen=True)
class Assignment(Node):
    """`column = value`."""

    column: Identifier
    value: Expression


@dataclass(frozen=True)
class Update(Node):
    """UPDATE."""

    table: Name
    assignments: tuple[Assignment, ...]
    where: Expression | None = None


@dataclass(frozen=True)
class MergeCase(Node):
    """`WHEN [NOT] MATCHED [AND condition] THEN …`: `update`, `delete` or `insert`."""

    action: str
    condition: Expression | None = None
    columns: tuple[Identifier, ...] = ()
    values: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Merge(Node):
    """MERGE."""

    table: Name
    alias: Identifier | None
    source: Relation
    condition: Expression
    cases: tuple[MergeCase, ...]


Statement = Query | Insert | Delete | Update | Merge
