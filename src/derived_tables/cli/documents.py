"""What the JSON documents of verbs hold; docs/reference/command.md is written from it, and tests compare it."""

from __future__ import annotations

from collections.abc import Mapping

#: Keys that every document of a verb has that opens a project.
HEAD: Mapping[str, str] = {
    "project": "Name of the project.",
    "target": "Target in profiles.yml.",
    "environment": "`prod`, `dev`, `sandbox` or `ci`.",
}

_MODEL = "unique_id of the model."
_RELATION = "Database and table."
_APPLIED = "Whether `--apply` was given."
_CHANGED = "When it was last written, in UTC; null where that is not known."
_TROUBLE = {
    "failed[].relation": "Table with which something went wrong, or `old files`.",
    "failed[].error": "What went wrong.",
    "warnings[]": "Sentence on which data may depend, e.g. what may not be seen, or why something stays.",
}
_COSTS = {
    "statements": "Number of statements; null on DuckDB.",
    "bytes": "Bytes that they scanned; null on DuckDB.",
    "price": "USD; null on DuckDB.",
    "seconds": "How long it took; nodes run side by side.",
    "rows": "Rows written; null where the adapter does not tell.",
    "reused": "Number of statements whose result was an earlier one's.",
    "on_capacity": "Number of statements on provisioned capacity.",
}
_MISSING = "Dates of `--dates` of which there is no snapshot."

#: By verb, the other keys by their paths; `[]` stands for each element of a list.
DOCUMENTS: Mapping[str, Mapping[str, str]] = {
    "snapshots list": {
        "tables[].model": _MODEL,
        "tables[].relation": _RELATION,
        "tables[].kind": "`hive`, `iceberg` or `duckdb`.",
        "tables[].snapshots[].date": "The date, `YYYY-MM-DD`; oldest first.",
        "tables[].snapshots[].rows": "Number of rows.",
        "tables[].snapshots[].bytes": "Bytes of its files; null on DuckDB.",
        "tables[].snapshots[].files": "Number of its files; null on DuckDB.",
        "tables[].snapshots[].changed": _CHANGED,
        "tables[].snapshots[].interrupted": "Whether a run or a drop of it was interrupted or is under way, on Hive; "
        "it may lack rows.",
        "unbuilt[]": "unique_id of a model that keeps snapshots and has no table yet.",
    },
    "snapshots drop": {
        "applied": _APPLIED,
        "tables[].model": _MODEL,
        "tables[].relation": _RELATION,
        "tables[].drop[].date": "Date that the plan drops.",
        "tables[].drop[].rows": "Number of rows; null on Hive, where no query reads what goes.",
        "tables[].drop[].bytes": "Bytes of its files; null on DuckDB.",
        "tables[].drop[].files": "Number of its files; null on DuckDB.",
        "tables[].drop[].changed": _CHANGED,
        "tables[].keep[]": "Date that stays.",
        "tables[].missing[]": _MISSING,
        "tables[].bytes": "Bytes of the files of what the plan drops; null on DuckDB.",
        "tables[].files": "Number of those files; null on DuckDB.",
        "tables[].changed": "When what goes was last written, on Iceberg the table; null on DuckDB.",
        "tables[].staying[]": "Sentence that says why files stay although their snapshots go.",
        "tables[].dropped[]": "Date that was dropped; none without `--apply`.",
        **_TROUBLE,
    },
    "snapshots compact": {
        "applied": _APPLIED,
        "tables[].model": _MODEL,
        "tables[].relation": _RELATION,
        "tables[].missing[]": _MISSING,
        "tables[].bytes": "Bytes of the files of all these partitions.",
        "tables[].files": "Number of those files.",
        "tables[].changed": "When the newest of them was written; null but on Hive.",
        "tables[].skipped[]": "Sentence that says why a partition is left alone.",
        "tables[].partitions[].name": "Name of a partition that is to be compacted or, with `--apply`, was.",
        "tables[].partitions[].bytes": "Bytes of its files.",
        "tables[].partitions[].files": "Number of its files.",
        "tables[].partitions[].files_after": "Number of its files afterwards.",
        **_TROUBLE,
    },
    "snapshots optimize": {
        "applied": _APPLIED,
        "tables[].model": _MODEL,
        "tables[].relation": _RELATION,
        "tables[].data_files": "Number of data files before.",
        "tables[].delete_files": "Number of delete files before.",
        "tables[].optimized": "Whether OPTIMIZE was run to its end.",
        **_TROUBLE,
    },
    "snapshots vacuum": {
        "applied": _APPLIED,
        "tables[].model": _MODEL,
        "tables[].relation": _RELATION,
        "tables[].states": "Number of states that the table keeps, before.",
        "tables[].oldest": "When the oldest one was written, in UTC; null if there is none.",
        "tables[].days_kept": "For how many days states are kept.",
        "tables[].vacuumed": "Whether VACUUM was run to its end.",
        **_TROUBLE,
    },
    "snapshots backfill": {
        "applied": _APPLIED,
        "dates[].date": "The date, `YYYY-MM-DD`; oldest first.",
        "dates[].status": "`to run` in a plan; with `--apply` `done`, `failed` or `not run`; in both `there`.",
        "dates[].models[]": "unique_id of a model that lacks the date.",
        "dates[].error": "What dbt said; only where the status is `failed`.",
    },
    "costs": {
        "run.invocation": "dbt's id of the run.",
        "run.command": "E.g. `build`.",
        "run.started": "When it began, in UTC.",
        "run.ended": "When it ended, in UTC.",
        "complete": "Whether all is known; if not, the run cost at least what stands here.",
        **{f"total.{key}": text for key, text in _COSTS.items()},
        "by": "`node`, or what `--by` says.",
        "lines[].name": "unique_id of the node, empty for what belongs to none; or the schedule, domain or owner.",
        **{f"lines[].{key}": text for key, text in _COSTS.items()},
        "max_cost": "What `--max-cost` says; null without it.",
        "spark[]": "unique_id of a model in Python, which ran on Spark and is not priced here.",
        "warnings[]": "Sentence that says what is not known or not counted.",
    },
    "history record": {
        "invocation": "dbt's id of the run.",
        "place": "Folder of the file.",
        "file": "Its name; null if the run was recorded before.",
        "nodes": "Number of nodes of the run.",
        "assertions": "Number of assertions of which the log tells.",
        "priced": "Whether all is known that the run cost.",
        "warnings[]": "Sentence that says what is not known.",
    },
    "history show": {
        "place": "Folder of the files.",
        "runs": "Number of runs that were read.",
        "nodes[].node": "unique_id of the node.",
        "nodes[].assertion": "Name of the assertion of a test; empty for the node itself.",
        "nodes[].status": "As dbt had it in the last run that the node was in.",
        "nodes[].ended": "When that run ended, in UTC.",
        "nodes[].failures": "Rows that the test found; null of what is no test.",
        "nodes[].rows": "Rows written; null where the adapter does not tell.",
        "nodes[].seconds": "How long it took.",
        "nodes[].price": "USD; null where it is not known.",
        "nodes[].failing_since": "When the run ended with which it began to fail, in UTC; null if it does not fail.",
        "nodes[].flips": "How often it failed after it had worked, or worked after it had failed.",
        "nodes[].runs": "In how many of the runs it ran.",
        "nodes[].price_of_runs": "USD of all these runs together.",
    },
    "conventions check": {
        "checked": "Number of models, seeds and dbt snapshots that were checked.",
        "rules[]": "Id of a rule that was checked.",
        "violations[].path": "File of the node.",
        "violations[].line": "Line in it.",
        "violations[].rule": "Id of the rule.",
        "violations[].name": "Name of the rule.",
        "violations[].severity": "Severity of the rule.",
        "violations[].problem": "What is wrong.",
        "violations[].remedy": "What to do about it.",
    },
    "conventions list": {
        "rules[].id": "Id of the rule.",
        "rules[].name": "Its name.",
        "rules[].severity": "Its severity.",
        "rules[].statement": "What it asks for.",
        "rules[].why": "Why.",
        "rules[].fix": "How to keep it.",
    },
    "conventions explain": {
        "id": "Id of the rule.",
        "name": "Its name.",
        "severity": "Its severity.",
        "statement": "What it asks for.",
        "why": "Why.",
        "fix": "How to keep it.",
    },
}

#: Verbs whose documents do without HEAD.
WITHOUT_PROJECT = ("conventions list", "conventions explain")
