"""What the command works with is what dbt would work with: folders, profile, target, variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.version import installed

from derived_tables.errors import RefusedError
from derived_tables.project.location import folder_name
from derived_tables.project.project import Options, Project, open_project


def profile(*targets: str, default: str | None = None) -> dict[str, Any]:
    """A profile with targets on DuckDB files of their own names."""
    outputs = {name: {"type": "duckdb", "path": f"{name}.duckdb"} for name in targets}
    return {"target": default or targets[0], "outputs": outputs}


def write(folder: Path, project: Mapping[str, Any] | None = None, profiles: Mapping[str, Any] | None = None) -> Path:
    """Writes dbt_project.yml, and profiles.yml if there is one to write, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"name": "shop", "version": "1.0.0", "profile": "shop", **(project or {})}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    if profiles is not None:
        (folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project with the targets dev and prod; a person works elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return write(tmp_path / "shop", profiles={"shop": profile("dev", "prod")})


def opened(folder: Path | None = None, *, target: str | None = None, variables: str = "{}") -> Project:
    """The project in a folder."""
    return open_project(Options(project_dir=folder, target=target, variables=variables))


# Folders


def test_the_folder_of_the_project(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedError, match="There is no dbt_project.yml in .*elsewhere or a folder above it"):
        opened()
    assert opened(shop).name == "shop"

    monkeypatch.chdir(shop.parent)
    assert opened(Path("shop")).project_dir == shop
    models = shop / "models/sales"
    models.mkdir(parents=True)
    monkeypatch.chdir(models)
    assert opened().project_dir == shop
    other = write(shop.parent / "other", {"name": "other"}, {"shop": profile("dev")})
    monkeypatch.setenv("DBT_PROJECT_DIR", str(other))
    assert opened().name == "other"
    assert opened(shop).name == "shop"
    monkeypatch.setenv("DBT_PROJECT_DIR", str(models))
    with pytest.raises(RefusedError, match=r"There is no dbt_project.yml in \S+models/sales\.\n"):
        opened()


def test_the_folder_of_the_profiles(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("home/.dbt", "named", "elsewhere"):
        write(shop.parent / name, profiles={"shop": profile(Path(name).name.lstrip("."))})
    assert opened(shop).target.name == "elsewhere", "the working directory, as dbt has it"
    (shop.parent / "elsewhere/profiles.yml").unlink()
    assert opened(shop).target.name == "dev", "the project's folder"
    (shop / "profiles.yml").unlink()
    assert opened(shop).target.name == "dbt", "the home directory"
    monkeypatch.setenv("DBT_PROFILES_DIR", str(shop.parent / "named"))
    assert opened(shop).target.name == "named"
    given = Options(project_dir=shop, profiles_dir=shop.parent / "home/.dbt")
    assert open_project(given).target.name == "dbt"
    monkeypatch.delenv("DBT_PROFILES_DIR")
    (shop.parent / "home/.dbt/profiles.yml").unlink()
    with pytest.raises(RefusedError, match=r"There is no profiles.yml in \S+elsewhere or \S+shop or \S+home/.dbt\."):
        opened(shop)


def test_the_folder_that_dbt_writes_into(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def folder() -> Path:
        target_path: Path = opened(shop).dbt.target_path
        assert target_path.name == folder_name("shop", "dev", "_dev_dbt")
        return target_path.parent

    assert folder() == shop / "target/derived_tables"
    write(shop, {"target-path": "{{ env_var('WHERE', 'out') }}/put"})
    assert folder() == shop / "out/put/derived_tables"
    monkeypatch.setenv("WHERE", str(shop.parent / "far"))
    assert folder() == shop.parent / "far/put/derived_tables"
    monkeypatch.setenv("DBT_TARGET_PATH", "by_variable")
    assert folder() == shop / "by_variable/derived_tables"


def test_no_two_environments_share_a_folder() -> None:
    pairs = [
        ("shop", "duckdb", "_dev_dbt"),
        ("shop", "duckdb_dev", "_dbt"),
        ("shop", "duckdb", ""),
        ("shop", "duckdb_prod", ""),
        ("shop", "duckdb", "_sandbox_prod"),
        ("shop", "duckdb_sandbox", "_prod"),
        ("shop", "duckdb_sandbox", ""),
        ("shop", "Duckdb", ""),
        ("store", "duckdb", ""),
        ("shop", "x/y", ""),
        ("shop", "x.y", ""),
        ("shop", "x" * 300, ""),
        ("shop", "x" * 301, ""),
    ]
    names = [folder_name(*pair) for pair in pairs]
    assert len({name.lower() for name in names}) == len(pairs)
    assert all(len(name) < 100 for name in names)


@pytest.mark.parametrize("name", ["../../out", "/out", "..", "a/b", "a\\b", "é ü", "-x", "x" * 300])
def test_no_name_of_a_target_leads_out_of_the_folder(shop: Path, name: str) -> None:
    write(shop, profiles={"shop": {"target": name, "outputs": {name: {"type": "duckdb", "path": "x.duckdb"}}}})
    target_path = opened(shop).dbt.target_path
    assert target_path.parent == shop / "target/derived_tables"
    assert Path(os.path.normpath(target_path)) == target_path
    target_path.mkdir(parents=True)


# Profile and target


def test_the_target(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(shop).target.name == "dev"
    monkeypatch.setenv("DBT_TARGET", "prod")
    assert opened(shop).target.name == "prod"
    assert opened(shop, target="dev").target.name == "dev"
    monkeypatch.setenv("DBT_ENGINE_TARGET", "dev")
    assert opened(shop).target.name == "dev", "the newer name of the variable wins, as in dbt"


def test_profiles_are_rendered(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = profile("dev", "prod", default="{{ env_var('WHERE', 'dev') }}")
    rendered["outputs"]["dev"]["path"] = "{{ env_var('HOME') }}/{{ var('file', 'none') }}_{{ 1 + 1 }}.duckdb"
    rendered["outputs"]["prod"]["path"] = "{{ env_var('NOWHERE') }}"
    write(shop, {"profile": "{{ env_var('PROFILE', 'shop') }}"}, {"shop": rendered, "other": profile("other")})
    assert opened(shop, variables="file: x").target.settings["path"] == f"{shop.parent}/home/x_2.duckdb"
    monkeypatch.setenv("WHERE", "prod")
    with pytest.raises(RefusedError, match="Env var required but not provided: 'NOWHERE'"):
        opened(shop)
    monkeypatch.setenv("PROFILE", "other")
    assert opened(shop).target.name == "other"
    monkeypatch.setenv("DBT_PROFILE", "shop")
    assert opened(shop, target="dev").target.name == "dev"


@pytest.mark.parametrize(
    ("project", "profiles", "message"),
    [
        ({"profile": "typo"}, {"shop": profile("dev")}, "Could not find profile named 'typo'"),
        ({}, {"shop": profile("dev", default="typo")}, "does not have a target named 'typo'"),
        (
            {},
            {"shop": {"target": "x", "outputs": {"x": {"type": "oracle"}}}},
            r"dbt's adapter for `oracle` is not installed.\nInstall it: pip install 'dbt-oracle'",
        ),
        ({}, {"shop": {"target": "x", "outputs": {"x": {"type": "athena"}}}}, "is a required property"),
        ({}, {"shop": {}}, "Profile shop in profiles.yml is empty"),
        ({"name": "a shop"}, {"shop": profile("dev")}, "a shop"),
        ({"target-path": "{{ env_var('NOWHERE') }}"}, {"shop": profile("dev")}, "'NOWHERE'"),
    ],
)
def test_files_that_dbt_refuses_are_refused_in_its_words(
    shop: Path, project: dict[str, Any], profiles: dict[str, Any], message: str
) -> None:
    write(shop, project, profiles)
    with pytest.raises(RefusedError, match=message):
        opened(shop)


@pytest.mark.parametrize("file", ["dbt_project.yml", "profiles.yml"])
def test_files_that_are_no_yaml_are_refused(shop: Path, file: str) -> None:
    (shop / file).write_text("name: [", encoding="utf-8")
    with pytest.raises(RefusedError, match="(?i)syntax error|could not|not parse"):
        opened(shop)


def test_values_of_environment_variables_that_dbt_refuses_are_refused(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_LOG_LEVEL", "loud")
    with pytest.raises(RefusedError, match="loud"):
        opened(shop)


# Variables


def test_variables(shop: Path) -> None:
    below = {"everywhere": 1, "twice": 1, "given": 1, "shop": {"twice": 2, "given": 2}, "package": {"twice": 3}}
    write(shop, {"vars": below})
    found = opened(shop, variables="{given: 4, new: 4}").variables
    assert {name: found[name] for name in ("everywhere", "twice", "given", "new")} == {
        "everywhere": 1,
        "twice": 2,
        "given": 4,
        "new": 4,
    }


def test_vars_yml_counts_where_dbt_reads_it(shop: Path) -> None:
    (shop / "vars.yml").write_text("vars: {environment: ci}", encoding="utf-8")
    if (int(installed.major or 0), int(installed.minor or 0)) < (1, 12):
        assert opened(shop).environment.name == "dev"
        return
    with pytest.raises(RefusedError, match="DERIVED_TABLES_CI_ID"):
        opened(shop)
    write(shop, {"vars": {"environment": "dev"}})
    with pytest.raises(RefusedError, match="cannot be defined in both"):
        opened(shop)


def test_the_environment_comes_from_the_variables_of_both(shop: Path) -> None:
    write(shop, {"vars": {"environment": "prod", "prod_targets": ["dev"]}})
    assert opened(shop).environment.name == "prod"
    assert opened(shop, variables="environment: dev").environment.name == "dev"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ("a", "`--vars` must be a mapping in YAML, got `a`.\nWrite e.g. `--vars 'environment: dev'`."),
        ("[a]", "`--vars` must be a mapping in YAML, got `[a]`."),
        ("", "`--vars` must be a mapping in YAML, got ``."),
        ("{a: [}", "`--vars` must be YAML, got `{a: [}`."),
        ("prod_targets: [dev]", "var `prod_targets` must be set in dbt_project.yml, got `--vars`."),
    ],
)
def test_variables_that_are_refused(shop: Path, variables: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        opened(shop, variables=variables)
    assert str(refused.value).startswith(message)
