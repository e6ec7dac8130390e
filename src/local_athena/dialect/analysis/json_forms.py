"""JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY as DuckDB SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from local_athena.dialect import casts
from local_athena.dialect.analysis.statement import error_at
from local_athena.dialect.json_path import tree as path_tree
from local_athena.dialect.json_path.parse import parse_path
from local_athena.dialect.representation import literal
from local_athena.dialect.snippets import once, or_else
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, not_supported, raise_sql
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INTEGER,
    JSON,
    REAL,
    SMALLINT,
    TINYINT,
    UNKNOWN,
    VARBINARY,
    VARCHAR,
    Char,
    Decimal,
    Type,
    Varchar,
)
from local_athena.types.parse import trino_type

Analyse = Callable[[tree.Expression], Typed]

_AS_THEY_ARE = (BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE)
_KINDS: dict[str, tuple[str, Type]] = {
    "varchar": ("{0}", VARCHAR),
    "bigint": ("CAST({0} AS BIGINT)", BIGINT),
    "double": ("CAST({0} AS DOUBLE)", DOUBLE),
    "decimal": ("CAST({0} AS DECIMAL(38, 10))", Decimal(38, 10)),
    "boolean": ("CAST({0} AS BOOLEAN)", BOOLEAN),
}


def path_call(node: tree.JsonPathCall, analyse: Analyse) -> Typed:
    """JSON_EXISTS, JSON_VALUE or JSON_QUERY.

    Raises:
        AthenaError: TYPE_MISMATCH, SYNTAX_ERROR of the path, INVALID_PATH, ….
    """
    source = _source(node.source, analyse)
    names = [_variable(argument) for argument in node.passing]
    values = [_passed(argument, analyse) for argument in node.passing]
    _check_path(node.path, names)
    listed = ", ".join(map(literal, names))
    inputs = f"{source}, {literal(node.path.value)}, [{listed}]::VARCHAR[], [{', '.join(values)}]::VARCHAR[]"
    if node.name == "json_exists":
        on_error = node.on_error.kind if node.on_error else "false"
        return Typed(f"trino_json_exists({inputs}, {literal(on_error)})", BOOLEAN)
    behaviours = [each.kind if each else "null" for each in (node.on_empty, node.on_error)]
    ends = ", ".join(map(literal, behaviours))
    if node.name == "json_value":
        return _scalar(node, f"trino_json_value({inputs}, {ends})", behaviours[1], analyse)
    if node.quotes is not None and node.wrapper != "without":
        message = (
            f"{node.quotes.upper()} QUOTES behavior specified with WITH {node.wrapper.upper()} ARRAY WRAPPER behavior"
        )
        raise error_at(node, "INVALID_FUNCTION_ARGUMENT", message)
    result = _text_type(node.returning)
    quotes = node.quotes or "keep"
    sql = f"trino_json_query({inputs}, {literal(node.wrapper)}, {literal(quotes)}, {ends})"
    return casts.cast(Typed(sql, VARCHAR), result)


def _source(node: tree.JsonValue, analyse: Analyse) -> str:
    value = analyse(node.value)
    if not isinstance(value.type, (Varchar, Char)) and value.type != UNKNOWN:
        if value.type == VARBINARY:
            raise not_supported("JSON input of type varbinary is not supported")
        message = f"Cannot read input of type {value.type} as JSON using formatting JSON"
        raise error_at(node.value, "TYPE_MISMATCH", message)
    return casts.cast(value, VARCHAR).sql


def _variable(argument: tree.JsonValue) -> str:
    """The name of a variable; Trino writes it in upper case unless it is quoted."""
    assert argument.name is not None
    return argument.name.value if argument.name.quoted else argument.name.value.upper()


def _passed(argument: tree.JsonValue, analyse: Analyse) -> str:
    value = analyse(argument.value)
    if argument.formatted:
        return f"trino_format_json({casts.cast(value, VARCHAR).sql})"
    return _as_json(value)


def _check_path(node: tree.String, names: Sequence[str]) -> None:
    try:
        path = parse_path(node.value)
    except AthenaError as error:
        raise error_at(node, error.name, error.message) from None
    for found in _nodes(path):
        if isinstance(found, path_tree.Variable) and found.name not in names:
            message = (
                f"no value passed for parameter {found.name}."
                f' Try quoting "{found.name}" in the PASSING clause to match case'
            )
            raise error_at(node, "INVALID_PATH", message)


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for value in node if isinstance(node, tuple) else vars(node).values() if hasattr(node, "__dict__") else ():
        yield from _nodes(value)


def _as_json(value: Typed) -> str:
    """JSON text of a value of SQL: what JSON has no type for is a string."""
    if value.type in _AS_THEY_ARE or isinstance(value.type, Decimal):
        return casts.cast(value, JSON).sql
    return casts.cast(casts.cast(value, VARCHAR), JSON).sql


def _text_type(returning: str | None) -> Type:
    result = VARCHAR if returning is None else trino_type(returning)
    if not isinstance(result, (Varchar, Char)):
        raise not_supported(f"JSON output of type {result} is not supported")
    return result


# --- JSON_VALUE


def _scalar(node: tree.JsonPathCall, sql: str, on_error: str, analyse: Analyse) -> Typed:
    result = VARCHAR if node.returning is None else trino_type(node.returning)
    defaults = {
        event: casts.coerce(analyse(behaviour.value), result).sql
        for event, behaviour in (("on empty", node.on_empty), ("on error", node.on_error))
        if behaviour is not None and behaviour.value is not None
    }

    def of_item(item: str) -> str:
        whens = [f"WHEN {item}.kind = {literal(event)} THEN {default}" for event, default in defaults.items()]
        for kind, (template, type_) in _KINDS.items():
            as_text = kind == "decimal" and isinstance(result, Varchar)
            text = f"{item}.text"
            value = Typed(text, VARCHAR) if as_text else Typed(template.format(text), type_)
            converted = _converted(value, result, _otherwise(on_error, defaults, kind, result))
            whens.append(f"WHEN {item}.kind = {literal(kind)} THEN {converted}")
        return f"(CASE {' '.join(whens)} END)"

    return Typed(once(sql, of_item), result)


def _otherwise(on_error: str, defaults: dict[str, str], kind: str, result: Type) -> str:
    if on_error == "error":
        message = (
            "cannot extract SQL scalar from JSON: Cannot cast value of type"
            f" {kind} to declared return type of function JSON_VALUE: {result}"
        )
        return raise_sql("JSON_VALUE_RESULT_ERROR", literal(message))
    return defaults.get("on error", "NULL")


def _converted(value: Typed, result: Type, otherwise: str) -> str:
    """The item in the declared type; what cannot be converted is an error of JSON_VALUE."""
    try:
        converted = casts.cast(value, result, safe=True).sql
    except AthenaError as error:
        if error.name != "TYPE_MISMATCH":
            raise
        return otherwise
    return or_else(converted, otherwise)


# --- JSON_OBJECT and JSON_ARRAY


def built(node: tree.JsonBuild, analyse: Analyse) -> Typed:
    """JSON_OBJECT or JSON_ARRAY.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT for a key that is no text.
    """
    members = [_member_text(member, node.absent_on_null, analyse) for member in node.members]
    keys = [_key(member.key, analyse) for member in node.members if member.key is not None]
    opening, closing = ("{", "}") if node.name == "json_object" else ("[", "]")
    listed = f"[{', '.join(members)}]::VARCHAR[]"
    sql = f"'{opening}' || array_to_string(list_filter({listed}, lambda m: m IS NOT NULL), ',') || '{closing}'"
    if node.unique:
        twice = raise_sql("INVALID_FUNCTION_ARGUMENT", "'duplicate key passed to JSON_OBJECT function'")
        all_keys = f"[{', '.join(keys)}]::VARCHAR[]"
        sql = f"CASE WHEN len(list_distinct({all_keys})) < len({all_keys}) THEN {twice} ELSE {sql} END"
    return casts.cast(Typed(f"({sql})", VARCHAR), _text_type(node.returning))


def _member_text(member: tree.JsonMember, absent: bool, analyse: Analyse) -> str:
    value = analyse(member.value.value)
    if member.value.formatted:
        text = f"trino_format_json({casts.cast(value, VARCHAR).sql})"
    elif isinstance(member.value.value, (tree.JsonBuild, tree.JsonPathCall)) and value.type == VARCHAR:
        text = value.sql
    else:
        text = _as_json(value)
    if not absent:
        text = f"coalesce({text}, 'null')"
    return text if member.key is None else f"({_key(member.key, analyse)} || ':' || {text})"


def _key(node: tree.Expression, analyse: Analyse) -> str:
    key = analyse(node)
    if not isinstance(key.type, (Varchar, Char)):
        raise error_at(node, "INVALID_FUNCTION_ARGUMENT", f"Invalid type of JSON object key: {key.type}")
    return casts.cast(casts.cast(key, VARCHAR), JSON).sql
