"""Words that a name in DDL may be only in backticks.

Source: https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html
"""

from __future__ import annotations

# fmt: off
RESERVED = frozenset((
    "all", "alter", "and", "array", "as", "authorization", "between", "bigint", "binary", "boolean", "both",
    "by", "case", "cashe", "cast", "char", "column", "conf", "constraint", "commit", "create", "cross", "cube",
    "current", "current_date", "current_timestamp", "cursor", "database", "date", "dayofweek", "decimal",
    "delete", "describe", "distinct", "div", "double", "drop", "else", "end", "exchange", "exists", "extended",
    "external", "extract", "false", "fetch", "float", "floor", "following", "for", "foreign", "from", "full",
    "function", "grant", "group", "grouping", "having", "if", "import", "in", "inner", "insert", "int",
    "integer", "intersect", "interval", "into", "is", "join", "lateral", "left", "less", "like", "local",
    "macro", "map", "more", "none", "not", "null", "numeric", "of", "on", "only", "or", "order", "out", "outer",
    "over", "partialscan", "partition", "percent", "preceding", "precision", "preserve", "primary", "procedure",
    "range", "reads", "reduce", "regexp", "references", "revoke", "right", "rlike", "rollback", "rollup", "row",
    "rows", "select", "set", "smallint", "start", "table", "tablesample", "then", "time", "timestamp", "to",
    "transform", "trigger", "true", "truncate", "unbounded", "union", "uniquejoin", "update", "user", "using",
    "utc_timestamp", "values", "varchar", "views", "when", "where", "window", "with",
))
# fmt: on
