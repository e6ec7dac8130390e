"""Number literals as Athena reads them.

To Athena, `1.5` is a double. To Trino it is a decimal, unless `parse-decimal-literals-as-double` is set, which no
release after 427 has. So the oracle writes `1.5E0` where a statement has `1.5`; `DECIMAL '1.5'` stays what it is.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/
    | (?<![\w.])(?P<decimal>\d[\d_]*\.(?:\d[\d_]*)?|\.\d[\d_]*)(?![\w.])
    """,
    re.VERBOSE | re.DOTALL,
)


def with_doubles(sql: str) -> str:
    """The statement with an exponent behind each decimal literal."""
    return _TOKEN.sub(lambda found: f"{found[0]}E0" if found["decimal"] else found[0], sql)
