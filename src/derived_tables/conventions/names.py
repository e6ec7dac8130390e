"""What the file, folder and config of a node say of the domain, database and table that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derived_tables.project.manifest import Node

_WORD = "[a-z0-9]+(?:_[a-z0-9]+)*"
#: Database names that could be mistaken for another database in another environment.
_RESERVED = re.compile("_(?:dev_dbt|dbt_deploy)$|_(?:sandbox|ci)(?:_|$)|_dbt_test__audit")
#: What Glue takes.
_LONGEST = 255


@dataclass(frozen=True)
class _Parts:
    """What the place and the name of a node say.

    Attributes:
        folders: those of its file below the root folder, e.g. `models/`.
        schema: what is configured; empty if nothing is.
        alias: likewise.
        database: without the suffix of an environment.
        table: may be empty.
    """

    folders: tuple[str, ...]
    schema: str
    alias: str
    database: str
    table: str


def name_problems(node: Node, suffix: str) -> list[str]:
    """What is wrong with a node's place and name, a sentence each; as the macro `_name_problems` says it.

    Args:
        node: a model, seed or dbt snapshot.
        suffix: what the environment adds to the names of databases.
    """
    parts = _parts(node)
    problems = [*_folder_problems(parts), *_word_problems(node, parts)]
    if _RESERVED.search(parts.database):
        problems.append(
            f"its database `{parts.database}` looks like the database of another environment: "
            "_dev_dbt, _sandbox, _ci, _dbt_deploy and _dbt_test__audit are reserved"
        )
    for kind, name in (("database", parts.database + suffix), ("table", parts.table)):
        if len(name) > _LONGEST:
            problems.append(f"its {kind} name has {len(name)} characters in this environment; Glue allows {_LONGEST}")
    if not problems and not _is_snake_case(parts):
        problems.append(
            f"database `{parts.database}` and table `{parts.table}` must be in snake case: "
            "a to z, 0 to 9 and single `_` between them"
        )
    return problems


def place_of(node: Node, suffix: str) -> tuple[str, str] | None:
    """Database and table of a well-named node; None for any other.

    Args:
        node: a model, seed or dbt snapshot.
        suffix: what the environment adds to the names of databases.
    """
    parts = _parts(node)
    return None if name_problems(node, suffix) else (parts.database + suffix, parts.table)


def expected_path(node: Node) -> str:
    """The path that a node's file should have, as the macro `_expected_path` proposes it.

    For a dbt snapshot, whose name stands in its file, `<file>: <name>`. What only its author can know stands as
    `<domain>` or `<database>`.
    """
    path = node.path.split("/")
    folders = _parts(node).folders
    root = path[: len(path) - 1 - len(folders)]
    words = re.split("__|[.]", node.name, maxsplit=1)
    domain = _snake_case(folders[0]) if folders else "<domain>"
    if len(folders) > 1:
        database = _snake_case(folders[1])
    else:
        database = _snake_case(words[0]) if len(words) > 1 else "<database>"
    if _RESERVED.search(database):
        database = "<database>"
    name = f"{database}__{_snake_case(words[-1]).removeprefix(f'{database}_')}"
    if node.resource_type == "snapshot":
        file = f"{path[-1]}: {name}"
    else:
        version = node.raw.get("version")
        file = f"{name}{f'_v{version}' if version else ''}.{path[-1].rsplit('.', 1)[-1]}"
    return "/".join([*root, domain, database, *folders[2:], file])


def _parts(node: Node) -> _Parts:
    # dbt's path of a snapshot that is written in YAML goes on after the name of the YAML file.
    path = re.sub("[^/]+[.]ya?ml/", "", node.raw["path"].replace("\\", "/"))
    schema, alias = (str(node.config.get(key) or "").strip() for key in ("schema", "alias"))
    database, _, table = node.name.partition("__")
    version = node.raw.get("version")
    versioned = f"{table}_v{str(version).replace('.', '_')}" if version else table
    return _Parts(tuple(path.split("/")[:-1]), schema, alias, schema or database, alias or versioned)


def _folder_problems(parts: _Parts) -> Iterator[str]:
    if not parts.folders:
        yield "it lies directly under its root folder; it must lie in <domain>/<database>/"
    elif len(parts.folders) == 1 and not parts.schema:
        yield "it lies in a domain but in no database; it must lie in <domain>/<database>/"
    for folder in parts.folders[: 1 if parts.schema else 2]:
        if not re.fullmatch(_WORD, folder):
            yield f"the folder `{folder}` is not in snake case"


def _word_problems(node: Node, parts: _Parts) -> Iterator[str]:
    """Problems of the name itself, which does not count where both schema and alias are configured."""
    if parts.schema and parts.alias:
        return
    separators = node.name.count("__")
    if separators == 0:
        yield f"its name `{node.name}` has no `__` between database and table"
    elif separators > 1:
        yield f"its name `{node.name}` contains `__` more than once"
    if node.name != node.name.lower():
        yield f"its name `{node.name}` has upper case letters"
    if "-" in node.name:
        yield f"its name `{node.name}` has a hyphen"
    if "." in node.name:
        yield f"its name `{node.name}` has a dot"
    in_a_database = len(parts.folders) > 1 and not parts.schema
    if separators == 1 and in_a_database and parts.database != parts.folders[1]:
        yield f"its name says database `{parts.database}`, its folder says `{parts.folders[1]}`"


def _is_snake_case(parts: _Parts) -> bool:
    table = "[a-z0-9_]+" if parts.alias else _WORD
    return bool(re.fullmatch(_WORD, parts.database) and re.fullmatch(table, parts.table))


def _snake_case(text: str) -> str:
    words = re.sub("([a-z0-9])([A-Z])", r"\1_\2", text).lower()
    return re.sub("[^a-z0-9]+", "_", words).strip("_") or "unnamed"
