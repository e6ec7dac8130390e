"""Statements that hold a query or another statement: their part is read here, the query by the dialect."""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.errors import not_supported
from local_athena.statements.model import (
    CreateTableAs,
    CreateView,
    Deallocate,
    DropView,
    Execute,
    Explain,
    Optimize,
    Prepare,
    Unload,
    Vacuum,
)
from local_athena.statements.properties import trino_properties
from local_athena.statements.reader import Reader
from local_athena.statements.tokens import END, Token

_EXPLAIN = {
    "type": ("logical", "distributed", "validate", "io"),
    "format": ("text", "graphviz", "json"),
}


def create_table_as(reader: Reader) -> CreateTableAs:
    """`CREATE TABLE [IF NOT EXISTS] name [WITH (…)] AS query [WITH [NO] DATA]`."""
    reader.expect("create", "table")
    if_not_exists = reader.accept("if", "not", "exists")
    name = reader.table_name()
    properties = trino_properties(reader) if reader.accept("with") else {}
    reader.expect("as")
    start, end = reader.token.start, reader.end_of_query()
    tokens = [token for token in reader.rest if token.text != ";"]
    words = [token.word for token in tokens[-3:]]
    with_data = True
    if words == ["with", "no", "data"]:
        with_data, end = False, tokens[-3].start
    elif words[-2:] == ["with", "data"]:
        end = tokens[-2].start
    return CreateTableAs(name, reader.part(start, end), properties, if_not_exists, with_data)


def create_view(reader: Reader) -> CreateView:
    """`CREATE [OR REPLACE] VIEW name AS query`."""
    reader.expect("create")
    or_replace = reader.accept("or", "replace")
    reader.expect("view")
    name = reader.table_name()
    reader.expect("as")
    return CreateView(name, reader.part(reader.token.start, reader.end_of_query()), or_replace)


def drop_view(reader: Reader) -> DropView:
    """`DROP VIEW [IF EXISTS] name`."""
    reader.expect("drop", "view")
    if_exists = reader.accept("if", "exists")
    name = reader.table_name()
    reader.finish()
    return DropView(name, if_exists)


def unload(reader: Reader) -> Unload:
    """`UNLOAD (query) TO 'location' WITH (…)`."""
    reader.expect("unload")
    if not reader.at("("):
        raise reader.failure("'('")
    start, end = _in_brackets(reader)
    reader.expect("to")
    location = reader.string()
    reader.expect("with")
    properties = trino_properties(reader)
    reader.finish()
    return Unload(reader.part(start, end), location, properties)


def prepare(reader: Reader) -> Prepare:
    """`PREPARE name FROM statement`."""
    reader.expect("prepare")
    name = reader.identifier()
    reader.expect("from")
    return Prepare(name, reader.part(reader.token.start, reader.end_of_query()))


def execute(reader: Reader) -> Execute:
    """`EXECUTE name [USING expression, …]`."""
    reader.expect("execute")
    name = reader.identifier()
    parameters: list[str] = []
    if reader.accept("using"):
        parameters = [reader.sql[first.start : last.end] for first, last in _separated(reader)]
    reader.finish()
    return Execute(name, tuple(parameters))


def deallocate(reader: Reader) -> Deallocate:
    """`DEALLOCATE PREPARE name`."""
    reader.expect("deallocate", "prepare")
    name = reader.identifier()
    reader.finish()
    return Deallocate(name)


def explain(reader: Reader) -> Explain:
    """`EXPLAIN [(FORMAT …, TYPE …)] statement`, `EXPLAIN ANALYZE [VERBOSE] [(FORMAT …)] statement`."""
    reader.expect("explain")
    analyze = reader.accept("analyze")
    if analyze:
        reader.accept("verbose")
    options: dict[str, str] = {}
    if reader.at("(", "format") or reader.at("(", "type"):
        reader.expect("(")
        while True:
            option = reader.one_of(*_EXPLAIN)
            options[option] = reader.one_of(*_EXPLAIN[option])
            if not reader.accept(","):
                break
        reader.expect(")")
    if reader.at("explain"):
        raise not_supported("EXPLAIN of EXPLAIN is not supported")
    return Explain(reader.part(reader.token.start, reader.end_of_query()), analyze=analyze, **options)


def optimize(reader: Reader) -> Optimize:
    """`OPTIMIZE name REWRITE DATA USING BIN_PACK [WHERE condition]`."""
    reader.expect("optimize")
    name = reader.table_name()
    reader.expect("rewrite", "data", "using", "bin_pack")
    query = f'SELECT * FROM "{name.database}"."{name.table}"'
    if not reader.accept("where"):
        reader.finish()
        return Optimize(name, query)
    condition = reader.sql[reader.token.start : reader.end_of_query()]
    return Optimize(name, f"{query} WHERE {condition}", condition)


def vacuum(reader: Reader) -> Vacuum:
    """`VACUUM name`."""
    reader.expect("vacuum")
    name = reader.table_name()
    reader.finish()
    return Vacuum(name)


def _in_brackets(reader: Reader) -> tuple[int, int]:
    """Steps over what stands in the brackets that come next, and gives where it begins and ends."""
    reader.expect("(")
    start, depth = reader.token.start, 1
    while depth:
        token = reader.take()
        if token.kind == END:
            raise reader.failure("')'")
        depth += {"(": 1, ")": -1}.get(token.text, 0)
    return start, token.start


def _separated(reader: Reader) -> Sequence[tuple[Token, Token]]:
    """Steps over expressions with commas between them, and gives the first and the last token of each."""
    found: list[tuple[Token, Token]] = []
    first = last = None
    depth = 0
    while not reader.at_end:
        if depth == 0 and first is not None and last is not None and reader.accept(","):
            found.append((first, last))
            first = None
            continue
        last = reader.take()
        first = first or last
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(last.text, 0)
    if first is None or last is None:
        raise reader.failure("<expression>")
    return [*found, (first, last)]
