"""What tables over CSV, text, JSON and regex files read: what Trino 470 read from the same files."""

from __future__ import annotations

import bz2
import gzip
import json

import pytest

from local_athena.errors import AthenaError

from .support import Athena

CSV = "row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"
HIVE_JSON = "row format serde 'org.apache.hive.hcatalog.data.JsonSerDe'"
OPENX_JSON = "row format serde 'org.openx.data.jsonserde.JsonSerDe'"


def read(
    athena: Athena, columns: str, clauses: str, content: str | bytes, name: str = "file"
) -> list[list[str | None]]:
    """The rows of a table over one file."""
    athena.put(f"t/{name}", content)
    athena.run(f"create external table t ({columns}) {clauses} location '{athena.location}/t/'")
    return [list(row) for row in athena.rows("select * from t")]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('1,"a""b",c', ["1", 'a"b', "c"]),
        ('2,"un', ["2", None, None]),
        ("3,x,y,z", ["3", "x", "y"]),
        ("4", ["4", None, None]),
        ("", [None, None, None]),
        ("5,a\\,b,c", ["5", "a", "b"]),
        (' 6 , " x " ,y', [" 6 ", ' x " ', "y"]),
        ('7,"a"b,c', ["7", 'a"b', "c"]),
        ('8,,""', ["8", "", ""]),
        ("9,'q',\\\"", ["9", "'q'", None]),
        ('10,"a\\"b","c,d"', ["10", 'a"b', "c,d"]),
        ('"11","c,d",""""', ["11", "c,d", '"']),
    ],
)
def test_csv(athena: Athena, line: str, values: list[str | None]) -> None:
    assert read(athena, "a string, b string, c string", CSV, f"{line}\n") == [values]


def test_csv_with_other_characters_and_a_header(athena: Athena) -> None:
    properties = "with serdeproperties ('separatorChar' = ';', 'quoteChar' = '\\'', 'escapeChar' = '|')"
    athena.put("t/file", "a;b\n1;'x;y'\n2;'x|'y'\n")
    athena.run(
        f"create external table t (a string, b string) {CSV} {properties} location '{athena.location}/t/' "
        "tblproperties ('skip.header.line.count' = '1')"
    )
    assert athena.rows("select * from t") == [("1", "x;y"), ("2", "x'y")]


def test_csv_columns_that_are_no_texts(athena: Athena) -> None:
    # Dates are days, timestamps milliseconds: https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
    columns = "n bigint, d date, t timestamp, b boolean, x double"
    rows = read(athena, columns, CSV, '"7","18262","1577836800123","TRUE","1.5"\n"","","","",""\n')
    assert rows == [["7", "2020-01-01", "2020-01-01 00:00:00.123", "true", "1.5"], [None] * 5]


def test_csv_value_of_another_type(athena: Athena) -> None:
    with pytest.raises(AthenaError, match="HIVE_BAD_DATA: Error parsing field value 'x' for field 0"):
        read(athena, "n int", CSV, "x\n")


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("int", " 1", None),
        ("int", "1.5", "1"),
        ("int", ".5", "0"),
        ("int", "+3", "3"),
        ("int", "-0", "0"),
        ("int", "07", "7"),
        ("int", "abc", None),
        ("int", "1e3", None),
        ("int", "1.5.5", None),
        ("int", "2147483648", None),
        ("int", "-2147483648", "-2147483648"),
        ("boolean", "TRUE", "true"),
        ("boolean", "t", None),
        ("boolean", "1", None),
        ("boolean", " true", None),
        ("double", "NaN", "NaN"),
        ("double", "1e5", "100000.0"),
        ("double", "Infinity", "Infinity"),
        ("double", "-inf", None),
        ("double", "0x10", None),
        ("double", "1.5f", "1.5"),
        ("date", "2020-1-2", "2020-01-02"),
        ("date", "2020-01-02x", None),
        ("date", "2020-01-02 10:00:00", "2020-01-02"),
        ("date", " 2020-01-02", "2020-01-02"),
        ("date", "2020-02-30", "2020-03-01"),
        ("date", "20200102", None),
        ("timestamp", "2020-01-02", None),
        ("timestamp", "2020-01-02 03:04:05.6789", "2020-01-02 03:04:05.679"),
        ("timestamp", "2020-01-02T03:04:05", "2020-01-02 03:04:05.000"),
        ("timestamp", "2020-01-02 03:04", None),
        ("timestamp", "1577836800", None),
        ("decimal(5,2)", "1.005", "1.01"),
        ("decimal(5,2)", "12345678901", None),
        ("decimal(5,2)", " 1.5", None),
        ("decimal(5,2)", "1e2", "100.00"),
        ("decimal(5,2)", "-1.245", "-1.25"),
        ("binary", "QQ==", "41"),
        ("binary", "Q", ""),
        ("binary", "not!", "6e 6f 74 21"),
        ("varchar(3)", "abcde", "abc"),
        ("varchar(3)", "ab ", "ab "),
        ("char(2)", "abc", "ab"),
        ("string", "\\N", None),
        ("string", "", ""),
    ],
)
def test_text_values(athena: Athena, type_: str, text: str, value: str | None) -> None:
    assert read(athena, f"x {type_}, last int", "", f"{text}\x011\n") == [[value, "1"]]


def test_text_lines(athena: Athena) -> None:
    rows = read(athena, "a string, b int", "", b"1\x012\r\n\n3\x014\x01more\r5")
    assert rows == [["1", "2"], ["", None], ["3", "4"], ["5", None]]


def test_text_nested_values(athena: Athena) -> None:
    lines = [
        "1\x022\x02\\N\x01k\x03v\x02l\x03\\N\x01a\x022\x01x",
        "\x01\x01\x01",
        "\\N\x01\\N\x01\\N\x01y",
        "1\x02\x01k\x02\x03v\x01a\x01z",
    ]
    columns = "a array<int>, b map<string,string>, c struct<n:string,i:int>, d string"
    rows = read(athena, columns, "", "\n".join(lines))
    assert rows == [
        ["[1, 2, null]", "{k=v, l=null}", "{n=a, i=2}", "x"],
        ["[]", "{}", "{n=, i=null}", ""],
        [None, None, None, "y"],
        ["[1, null]", "{=v, k=null}", "{n=a, i=null}", "z"],
    ]


def test_text_escapes(athena: Athena) -> None:
    content = 'a\\,b,c\nd\\\\,e\nf\\n,g\n"q,q",h\n'
    rows = read(
        athena, "a string, b string", "row format delimited fields terminated by ',' escaped by '\\\\'", content
    )
    assert rows == [["a,b", "c"], ["d\\", "e"], ["fn", "g"], ['"q', 'q"']]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.gz", gzip.compress(b"1,x\n")), ("a.bz2", bz2.compress(b"1,x\n")), ("a.csv", b"1,x\n")],
    ids=["gzip", "bzip2", "none"],
)
def test_text_compressions(athena: Athena, name: str, content: bytes) -> None:
    delimited = "row format delimited fields terminated by ','"
    assert read(athena, "a int, b string", delimited, content, name) == [["1", "x"]]


def test_text_not_gzip(athena: Athena) -> None:
    with pytest.raises(AthenaError, match="HIVE_CANNOT_OPEN_SPLIT"):
        read(athena, "a string", "", b"hello", "a.gz")


def test_regex(athena: Athena) -> None:
    serde = "row format serde 'org.apache.hadoop.hive.serde2.RegexSerDe'"
    pattern = "with serdeproperties ('input.regex' = '([a-z]+) ([0-9]+)')"
    assert read(athena, "a string, b string", f"{serde} {pattern}", "ab 12\nno\n") == [["ab", "12"], [None, None]]


COLUMNS = {
    "i": "int",
    "v": "string",
    "b": "boolean",
    "d": "date",
    "t": "timestamp",
    "a": "array<int>",
    "r": "struct<x:int>",
    "m": "map<string,int>",
    "dc": "decimal(5,2)",
    "dbl": "double",
    "vb": "binary",
}
#: Lines, and what both SerDes read: a value, None for a row of nulls, FAILS.
FAILS = "HIVE_CURSOR_ERROR"
JSON_LINES: list[tuple[str, str | None, str | None]] = [
    ('{"i":1.5}', "1", "1"),
    ('{"i":"7"}', FAILS, "7"),
    ('{"i":"x"}', FAILS, None),
    ('{"i":true}', FAILS, None),
    ('{"i":null}', None, None),
    ('{"I":5}', "5", "5"),
    ('{"i":1,"I":2}', FAILS, "2"),
    ("", FAILS, None),
    ('{"i":99999999999}', FAILS, None),
    ('{"i":-0}', "0", "0"),
    ('{"i":" 7"}', FAILS, None),
    ('{"i":1e2}', "100", "100"),
    ('{"v":1.50}', "1.50", "1.50"),
    ('{"v":1e2}', "1e2", "1E+2"),
    ('{"v":true}', "true", "true"),
    ('{"v":{"b": 1,"a":[1, 2]}}', FAILS, '{"b":1,"a":[1,2]}'),
    ('{"v":[1]}', FAILS, "[1]"),
    ('{"v":"\\u00e9"}', "é", "é"),
    ('{"b":"TRUE"}', "true", "true"),
    ('{"b":1}', "false", "false"),
    ('{"b":"x"}', "false", "false"),
    ('{"d":"2020-1-2"}', "2020-01-02", "2020-01-02"),
    ('{"d":18263}', FAILS, "2020-01-02"),
    ('{"d":"x"}', FAILS, None),
    ('{"d":"2020-01-02T00:00:00"}', FAILS, None),
    ('{"t":"2020-01-02 03:04:05.6789"}', "2020-01-02 03:04:05.679", "2020-01-02 03:04:05.679"),
    ('{"t":"2020-01-02T03:04:05"}', "2020-01-02 03:04:05.000", "2020-01-02 03:04:05.000"),
    ('{"t":"2020-01-02T03:04:05Z"}', FAILS, "2020-01-02 03:04:05.000"),
    ('{"t":1577934245}', FAILS, "2020-01-02 03:04:05.000"),
    ('{"t":1577934245123}', FAILS, "2020-01-02 03:04:05.123"),
    ('{"t":1577934245.5}', FAILS, "2020-01-02 03:04:05.500"),
    ('{"t":"1577934245"}', FAILS, "2020-01-02 03:04:05.000"),
    ('{"t":"x"}', FAILS, None),
    ('{"a":[1,"2",null]}', FAILS, "[1, 2, null]"),
    ('{"a":5}', FAILS, "[5]"),
    ('{"a":["x"]}', FAILS, "[null]"),
    ('{"r":{"X":1}}', "{x=1}", "{x=1}"),
    ('{"r":[1]}', FAILS, "{x=1}"),
    ('{"r":5}', FAILS, FAILS),
    ('{"m":{"k":1}}', "{k=1}", "{k=1}"),
    ('{"m":{"k":null}}', "{k=null}", "{k=null}"),
    ('{"m":5}', FAILS, FAILS),
    ('{"dc":1.005}', "1.01", "1.01"),
    ('{"dc":"2.5"}', "2.50", "2.50"),
    ('{"dc":123456}', FAILS, None),
    ('{"dbl":"NaN"}', FAILS, "NaN"),
    ('{"dbl":"1.5"}', FAILS, "1.5"),
    ('{"dbl":5}', "5.0", "5.0"),
    ('{"dbl":1e400}', "Infinity", "Infinity"),
    ("[1]", FAILS, "1"),
    ('{"i":1', FAILS, FAILS),
    ("not json", FAILS, None),
    ("null", FAILS, None),
    ("{}", None, None),
    ('{"i":1} x', "1", "1"),
    ('{"vb":"AP8="}', "41 50 38 3d", "00 ff"),
]


@pytest.mark.parametrize(("line", "hive", "openx"), JSON_LINES, ids=[line for line, _, _ in JSON_LINES])
def test_json(athena: Athena, line: str, hive: str | None, openx: str | None) -> None:
    athena.put("t/file", f"{line}\n")
    columns = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS.items())
    for name, serde, expected in (("hive", HIVE_JSON, hive), ("openx", OPENX_JSON, openx)):
        athena.run(f"create external table {name} ({columns}) {serde} location '{athena.location}/t/'")
        assert one_value(athena, name) == expected


def one_value(athena: Athena, table: str) -> str | None:
    """The value in the only row of a table, or the name of the error that reading it ends with."""
    try:
        (row,) = athena.rows(f"select * from {table}")
    except AthenaError as error:
        return error.name
    values = [value for value in row if value is not None]
    assert len(values) < 2
    return values[0] if values else None


def test_openx_options(athena: Athena) -> None:
    properties = "with serdeproperties ('mapping.n' = 'the.Name', 'ignore.malformed.json' = 'true')"
    lines = [json.dumps({"the.name": "x"}), '{"broken']
    assert read(athena, "n string", f"{OPENX_JSON} {properties}", "\n".join(lines)) == [["x"], [None]]
