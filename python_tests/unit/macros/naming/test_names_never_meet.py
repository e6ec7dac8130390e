"""Two different pairs of environment and table never share a relation or an S3 path, whatever they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dbt_common.exceptions import CompilationError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from derived_tables.harness.macros import Macros

#: Words that the suffixes are made of, so that names try hard to look like another environment's.
_WORDS = st.sampled_from(["a", "b", "ci", "dev", "dbt", "sandbox", "deploy", "test", "audit", "1"])
_NAMES = st.lists(_WORDS, min_size=1, max_size=4).map("_".join)
#: As people have them in the environment; what cannot be part of a name is refused.
_IDENTITIES = st.lists(_WORDS, min_size=1, max_size=3).flatmap(
    lambda words: st.tuples(st.sampled_from(["_", "_", "-", "."]), st.booleans()).map(
        lambda chosen: chosen[0].join(words).upper() if chosen[1] else chosen[0].join(words)
    )
)


@dataclass(frozen=True)
class Place:
    """One environment and one node of a project."""

    environment: str
    identity: str
    deploy: bool
    domain: str
    database: str
    table: str
    resource_type: str

    @property
    def node(self) -> dict[str, Any]:
        """The node as dbt hands it to the naming macros."""
        name = f"{self.database}__{self.table}"
        return {
            "name": name,
            "resource_type": self.resource_type,
            "package_name": "consumer",
            "path": f"{self.domain}/{self.database}/{name}.sql",
            "original_file_path": f"models/{self.domain}/{self.database}/{name}.sql",
            "file_key_name": f"models.{name}",
            "config": {},
            "refs": [],
        }

    @property
    def identified(self) -> tuple[str, str, bool, str, str, str]:
        """What makes it another relation: the environment with its normalised identity, and the node."""
        private = self.environment in ("sandbox", "ci")
        identity = self.identity.lower() if private else ""
        kind = "test" if self.resource_type == "test" else ""
        return (self.environment, identity, self.deploy, self.database, self.table, kind)


#: What every place has.
_PARTS: dict[str, st.SearchStrategy[Any]] = {
    "environment": st.sampled_from(["prod", "dev", "sandbox", "ci"]),
    "identity": _IDENTITIES,
    "deploy": st.booleans(),
    "domain": st.sampled_from(["x", "y"]),
    "database": _NAMES,
    "table": _NAMES,
}
_PLACES = st.builds(
    Place,
    **_PARTS,
    resource_type=st.sampled_from(["model", "seed", "test"]),
)


def _relation_and_path(macros: Macros, place: Place) -> tuple[str, str] | None:
    """Where a node lands; None when the package refuses the name."""
    settings_: dict[str, Any] = {
        "variables": {"environment": place.environment, "deploy": place.deploy, "prod_targets": ["duckdb"]},
        "env": {"DERIVED_TABLES_USER": place.identity, "DERIVED_TABLES_CI_ID": place.identity},
    }
    schema = "dbt_test__audit" if place.resource_type == "test" else None
    try:
        # A test has no check of its own: its model's name is checked when the model is named.
        model = {**place.node, "resource_type": "model"}
        macros.call("generate_schema_name", custom_schema_name=None, node=model, **settings_)
        database = macros.call("generate_schema_name", custom_schema_name=schema, node=place.node, **settings_)
    except CompilationError:
        return None
    owner = {**place.node, "resource_type": "model"} if place.resource_type == "test" else place.node
    path = macros.call("_s3_table_path", node=owner, database=database, table=place.table, **settings_)
    return f"{database}.{place.table}", path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(one=_PLACES, other=_PLACES)
def test_names_never_meet(macros: Macros, one: Place, other: Place) -> None:
    assume(one.identified != other.identified)
    first, second = _relation_and_path(macros, one), _relation_and_path(macros, other)
    assume(first is not None and second is not None)
    assert first is not None and second is not None
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_production_never_meets_a_private_environment(macros: Macros) -> None:
    """The case that a naive suffix gets wrong: `air_ci_data` in production is `air` in the CI run `data`."""
    live = Place("prod", "x", False, "x", "air_ci_data", "t", "model")
    private = Place("ci", "data", False, "x", "air", "t", "model")
    assert _relation_and_path(macros, live) is None
    assert _relation_and_path(macros, private) == (
        "air_ci_data.t",
        "dev/models/domain_name=x/database_name=air_ci_data/table_name=t",
    )


@dataclass(frozen=True)
class AnyPlace(Place):
    """A node of the project or of a package, well named or not, with configs, in one environment."""

    schema: str | None = None
    alias: str | None = None
    package: str = "consumer"
    name: str | None = None
    on_bad_name: str = "warn"

    @property
    def node(self) -> dict[str, Any]:
        """The node as dbt hands it to the naming macros."""
        found = {**super().node, "package_name": self.package, "config": {"schema": self.schema, "alias": self.alias}}
        return found if self.name is None else {**found, "name": self.name}

    @property
    def whose(self) -> tuple[str, str, bool]:
        """The environment, with the person or pull request that it belongs to."""
        return self.identified[:3]


_ANY_PLACES = st.builds(
    AnyPlace,
    **_PARTS,
    resource_type=st.sampled_from(["model", "seed", "snapshot"]),
    schema=st.one_of(st.none(), _NAMES, _NAMES.map(str.upper)),
    alias=st.one_of(st.none(), _NAMES),
    package=st.sampled_from(["consumer", "utils"]),
    name=st.one_of(st.none(), _NAMES, st.tuples(_NAMES, _NAMES).map(".".join)),
    on_bad_name=st.sampled_from(["error", "warn"]),
)


def _database_of(macros: Macros, place: AnyPlace) -> str | None:
    """Where a node lands, as Glue and DuckDB compare names; None when the package refuses it."""
    try:
        found = macros.call(
            "generate_schema_name",
            custom_schema_name=place.schema,
            node=place.node,
            variables={
                "environment": place.environment,
                "deploy": place.deploy,
                "prod_targets": ["duckdb"],
                "on_bad_name": place.on_bad_name,
            },
            env={"DERIVED_TABLES_USER": place.identity, "DERIVED_TABLES_CI_ID": place.identity},
        )
    except CompilationError:
        return None
    return str(found).lower()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(one=_ANY_PLACES, other=_ANY_PLACES)
def test_no_database_belongs_to_two_environments(macros: Macros, one: AnyPlace, other: AnyPlace) -> None:
    """Whatever the nodes are, whatever is configured, whoever runs them, and whatever bad names are let pass."""
    assume(one.whose != other.whose)
    first, second = _database_of(macros, one), _database_of(macros, other)
    assume(first is not None and second is not None)
    assert first != second


def test_a_configured_schema_that_makes_the_names_of_two_environments_equal_is_refused(macros: Macros) -> None:
    """`main` of a package in the CI run `dev_x`, and `main_ci_dev_x` configured in production."""
    package = AnyPlace("ci", "x", False, "x", "a", "b", "model", package="utils")
    configured = AnyPlace("prod", "", False, "x", "a", "b", "model", schema="ci_x", package="utils")
    assert _database_of(macros, package) == "main_ci_x"
    assert _database_of(macros, configured) is None
