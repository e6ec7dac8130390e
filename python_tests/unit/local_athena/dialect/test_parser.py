"""What Trino's grammar takes, how it groups, and what it refuses where.

Groupings and messages are those that Trino 435 prints; the corpus has the rest of its refusals.
"""

from __future__ import annotations

import pytest
from corpus import corpus

from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.parser import parse_expression, parse_statement
from local_athena.dialect.syntax.text import text
from local_athena.errors import AthenaError

GROUPINGS = {
    "1 + 2 * 3": "(1 + (2 * 3))",
    "1 - 2 - 3": "((1 - 2) - 3)",
    "a || b + c": "(a || (b + c))",
    "-a * b": "(-a * b)",
    "- x at time zone 'UTC'": "-x AT TIME ZONE 'UTC'",
    "not a = b and c": "((NOT (a = b)) AND c)",
    "a or b and c": "(a OR (b AND c))",
    "a and b and c": "(a AND b AND c)",
    "x between 1 and 2 and y": "((x BETWEEN 1 AND 2) AND y)",
    "x not in (1, 2)": "(NOT (x IN (1, 2)))",
    "x is not null": "(x IS NOT NULL)",
    "x != 1": "(x <> 1)",
    "x is not distinct from y": "(x IS NOT DISTINCT FROM y)",
    "a.b.c[1].d": "a.b.c[1].d",
    "(1, 'a')": "ROW (1, 'a')",
    "case x when 1 then 2 else 3 end": "(CASE x WHEN 1 THEN 2 ELSE 3 END)",
    "x -> x + 1": "(x) -> (x + 1)",
    "() -> 1": "() -> 1",
    "(a, b) -> a": "(a, b) -> a",
    "SUM(DISTINCT x)": "SUM(DISTINCT x)",
    "array_agg(x order by y desc nulls first) filter (where z)": (
        "array_agg(x ORDER BY y DESC NULLS FIRST) FILTER (WHERE z)"
    ),
    "lag(x) ignore nulls over (partition by a order by b)": (
        "lag(x) IGNORE NULLS OVER (PARTITION BY a ORDER BY b ASC)"
    ),
    "sum(x) over (order by y rows between 1 preceding and current row)": (
        "sum(x) OVER (ORDER BY y ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"
    ),
    "interval '1' day": "INTERVAL '1' DAY",
    "interval - '1-2' year to month": "INTERVAL - '1-2' YEAR TO MONTH",
    "date '2020-01-01'": "date '2020-01-01'",
    "double precision '1'": "double '1'",
    "cast(x as row(a integer, double))": "CAST(x AS row(a integer, double))",
    "position('a' in x)": "strpos(x, 'a')",
    "substring(x from 2 for 3)": "substring(x, 2, 3)",
    "trim(leading 'a' from x)": "ltrim(x, 'a')",
    "trim(both from x)": "trim(x)",
    "U&'d\\0061t\\+000061'": "'data'",
    "U&'d!0061t' uescape '!'": "'dat'",
    "'it''s'": "'it''s'",
    "x'0A ff'": "X'0Aff'",
    "0xFF": "255",
    "1_000": "1000",
    'count("x""y")': 'count("x""y")',
    "interval": "interval",
    "date": "date",
    "if(a, b)": "if(a, b)",
    "position(a, b)": "position(a, b)",
    "all": "all",
}

REFUSED_EXPRESSIONS = {
    "1 < 2 < 3": "line 1:7: mismatched input '<'",
    "a is null is null": "line 1:11: mismatched input 'is'",
    "U&'\\00'": "line 1:1: Incomplete escape sequence",
    "x'0g'": "line 1:1: Binary literal can only contain hexadecimal digits",
    "x'0'": "line 1:1: Binary literal must contain an even number of digits",
    '""': "line 1:1: Zero-length delimited identifier not allowed",
    "1e": "line 1:1: identifiers must not start with a digit",
    "cast(x as integer(": "line 1:19: mismatched input '<EOF>'",
    "array[1": "line 1:8: mismatched input '<EOF>'",
    "x at time zone y": "line 1:16: mismatched input 'y'",
    "case end": "line 1:6: mismatched input 'end'",
    "count(distinct)": "line 1:15: mismatched input ')'",
    "a.": "line 1:2: mismatched input '.'",
    "(select 1": "line 1:10: mismatched input '<EOF>'",
}

STATEMENTS = [
    "select 1;",
    "select * from ((with a as (select 1 x) select * from a)) t",
    "with a as (select 1), b (x) as (table t) select * from a, b",
    "select * from ((a join b on true) join c using (x, y)) limit all",
    "select * from a join b join c on b.x = c.x on a.x = b.x",
    "((select 1) union all (select 2)) intersect select 3 order by 1 offset 2 rows fetch next 3 rows with ties",
    "select * from t limit, t offset",
    "select x limit from t window",
    "select * from (select x from t limit 1) u",
    "select * from t fetch first row only",
    "select x from t offset ? limit ?",
    "select sum(x) over w from t window w as (order by x), v as (w rows current row)",
    "select a from t group by distinct rollup (a, (b, c)), cube (d), grouping sets ((), (e), f), (g, h), (i) + 1",
    "select * from t for timestamp as of timestamp '2020-01-01 00:00:00' - interval '1' day as old",
    "select * from t for version as of 1 tablesample bernoulli (10)",
    "select t.*, (r).* as (a, b), * from t",
    "select * from unnest(a, b) with ordinality as u (x, y, z) cross join lateral (select 1)",
    "select * from table(f(input => table(t), n => 1, columns => descriptor(a, b)))",
    "values 1, (2, 'x'), row(3)",
    "insert into t (a, b) select 1, 2",
    "insert into t (select 1)",
    "delete from d.t where x = 1",
    "update t set a = 1, b = default_value where c",
    "merge into t as x using (select 1 as id) s on x.id = s.id when matched and s.id > 1 then delete"
    " when matched then update set id = s.id, v = 2 when not matched then insert (id) values (s.id)",
]

REFUSED_STATEMENTS = {
    "": "line 1:1: mismatched input '<EOF>'",
    "select 1; select 2": "line 1:11: mismatched input 'select'",
    "select 1;;": "line 1:10: mismatched input ';'",
    "select 1\n  from t\n where and": "line 3:8: mismatched input 'and'",
    "select * from t join u": "line 1:23: mismatched input '<EOF>'",
    "select * from t natural cross join u": "line 1:25: mismatched input 'cross'",
    "select x from t fetch last 1 row only": "line 1:23: mismatched input 'last'. Expecting: 'FIRST', 'NEXT'",
    "select /* open": "line 1:8: mismatched input '/'",
    "delete from t as x": "line 1:15: mismatched input 'as'. Expecting: '.', 'WHERE', <EOF>",
    "insert overwrite t select 1": "line 1:8: mismatched input 'overwrite'. Expecting: 'INTO'",
    "update t set a = 1 from u": "line 1:20: mismatched input 'from'",
    "merge into t using s on true": "line 1:29: mismatched input '<EOF>'",
    "merge into t using s on true when not matched then delete": "line 1:52: mismatched input 'delete'",
    "with a as (select 1)": "line 1:21: mismatched input '<EOF>'",
    "(with a as (select 1) table a)": "line 1:2: mismatched input 'with'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES'",
    "select 1 as order": "line 1:13: mismatched input 'order'. Expecting: <identifier>",
}


# Trino lists words of its grammar that we do not read there, or looks one word further or less.
OTHER_WORDS = {
    "first-value-ignore-nulls-inside-refused",
    "in-array-refused",
    "in-list-empty",
    "join-without-condition",
    "lambda-python-style-refused",
    "struct-pack-refused",
    "window-exclude-refused",
}


def _mismatches() -> dict[str, tuple[str, str]]:
    """SQL of the corpus that the grammar refuses, with Trino's message."""
    recorded = corpus.load_recorded_expressions()
    found = ((entry, recorded[entry.id]) for entry in corpus.load_expressions())
    return {
        entry.id: (entry.query, str(answer.message))
        for entry, answer in found
        if answer.error == "SYNTAX_ERROR" and "mismatched input" in str(answer.message) and "json-" not in entry.id
    }


MISMATCHES = _mismatches()


@pytest.mark.parametrize("identifier", sorted(MISMATCHES))
def test_a_mismatch_is_told_in_trinos_words(identifier: str) -> None:
    sql, message = MISMATCHES[identifier]
    with pytest.raises(AthenaError) as refused:
        parse_statement(sql)
    assert (refused.value.message == message) == (identifier not in OTHER_WORDS), refused.value.message


@pytest.mark.parametrize("sql", GROUPINGS)
def test_an_expression_groups_as_in_trino(sql: str) -> None:
    assert text(parse_expression(sql)) == GROUPINGS[sql]


@pytest.mark.parametrize("sql", REFUSED_EXPRESSIONS)
def test_an_expression_is_refused(sql: str) -> None:
    with pytest.raises(AthenaError) as refused:
        parse_expression(sql)
    assert refused.value.name == "SYNTAX_ERROR"
    assert refused.value.message.startswith(REFUSED_EXPRESSIONS[sql])


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_is_read(sql: str) -> None:
    parse_statement(sql)


@pytest.mark.parametrize("sql", REFUSED_STATEMENTS)
def test_a_statement_is_refused(sql: str) -> None:
    with pytest.raises(AthenaError) as refused:
        parse_statement(sql)
    assert refused.value.name == "SYNTAX_ERROR"
    assert refused.value.message.startswith(REFUSED_STATEMENTS[sql])


def test_words_of_clauses_are_aliases_where_no_clause_can_be() -> None:
    query, _ = parse_statement("select x limit from t window")
    assert isinstance(query, tree.Query)
    assert isinstance(query.body, tree.Select)
    assert [item.alias.value for item in query.body.items if isinstance(item, tree.SelectItem) and item.alias] == [
        "limit"
    ]
    assert isinstance(query.body.relation, tree.Aliased)
    assert query.body.relation.alias.value == "window"


def test_parameters_are_counted() -> None:
    _, count = parse_statement("select ? from t where x in (?, ?) limit ?")
    assert count == 4


def test_parameters_are_counted_once_where_the_grammar_looks_twice() -> None:
    _, count = parse_statement("select * from (((select ?))) where (?, ?) in ((select 1, 2))")
    assert count == 3
