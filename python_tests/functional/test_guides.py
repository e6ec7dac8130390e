"""docs/analysts.md and docs/platform.md: one project whose files, profile and policies are those of the pages.

Their commands run in their order and print what the pages show; what they ask of AWS is within the policies.
"""

from __future__ import annotations

import json
import logging
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.client import BaseClient
from moto.iam.access_control import IAMPolicy, PermissionResult

from derived_tables.cli.main import main
from derived_tables.harness.projects import Project, create_project
from local_athena import LocalAthena

BUCKET = "acme-derived-tables"
DAILY = "models/finance/accounts/accounts__daily.sql"


@pytest.fixture
def pages(repository: Path) -> dict[str, str]:
    """Both pages, by name; a reader starts with the first one."""
    return {name: (repository / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("analysts", "platform")}


def files_of(page: str) -> dict[str, str]:
    """The files that a page shows, by their paths."""
    return dict(re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)```", page, flags=re.DOTALL | re.MULTILINE))


@pytest.fixture
def project(pages: Mapping[str, str], tmp_path: Path, repository: Path, local_athena: LocalAthena) -> Iterator[Project]:
    """The project of the pages, with their profile, on a local Athena that has no table of it yet."""
    files = {name: text for page in pages.values() for name, text in files_of(page).items()}
    assert len(files) == 9
    profile = yaml.safe_load(files.pop("profiles.yml"))
    for target in profile["shop"]["outputs"].values():
        if target["type"] == "athena":
            target["poll_interval"] = 0.01
    models = {name: text for name, text in files.items() if name.startswith("models/")}
    project = create_project(tmp_path, package=repository, name="shop", files=models, targets={"dev": {}})
    project.write({"profiles.yml": yaml.safe_dump(profile)})
    local_athena.create_bucket(BUCKET)
    athena = boto3.client("athena", region_name="eu-west-1")
    glue = boto3.client("glue", region_name="eu-west-1")
    groups = {"analysts", "scheduled"}
    for group in groups:
        athena.create_work_group(Name=group, Configuration={"EnforceWorkGroupConfiguration": False})
    project.dbt("deps").passed()
    yield project
    for group in groups:
        athena.delete_work_group(WorkGroup=group, RecursiveDeleteOption=True)
    for database in glue.get_databases()["DatabaseList"]:
        if database["Name"].startswith("accounts"):
            glue.delete_database(Name=database["Name"])


@dataclass(frozen=True)
class Call:
    """A call of AWS that dbt or the command made."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """All calls that boto3 makes from now on."""
    found: list[Call] = []
    really_call = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's types leave it out

    def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        found.append(Call(client.meta.service_model.service_name, operation, dict(arguments)))
        return really_call(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return found


def steps(page: str) -> list[tuple[list[str], list[str]]]:
    """The commands of a page, each with the lines that it shows."""
    found: list[tuple[list[str], list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page, flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((shlex.split(line.removeprefix("$ ")), []))
            elif line not in ("", "…"):
                found[-1][1].append(line)
    return found


def timeless(text: str) -> str:
    """A line without what differs from run to run, and without what the page leaves out (`…`)."""
    text = re.sub(r"in \d+\.\d+ ?s", "in N s", text)
    text = re.sub(r" +\d+\.\d(?= |$)", " N", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d\S*", "TIME", text)
    return re.split(r"…| \.{3,} ", text)[0].strip()


@pytest.fixture
def run(project: Project, capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], tuple[int, list[str]]]:
    """Runs a command of a page; returns its exit code and what it prints."""

    def call(command: list[str]) -> tuple[int, list[str]]:
        program, *arguments = command
        if program == "dbt":
            outcome = project.dbt(*arguments, env={"DBT_LOG_LEVEL_FILE": "debug"})
            return 0 if outcome.success else 1, outcome.output.splitlines()
        assert program == "derived-tables"
        capsys.readouterr()
        code = main([*arguments, "--project-dir", str(project.path), "--profiles-dir", str(project.path)])
        for handler in logging.getLogger("file_log").handlers:
            handler.close()  # dbt-athena opens dbt's log again when it takes a role
        return code, capsys.readouterr().out.splitlines()

    return call


@pytest.mark.long
def test_every_command_prints_what_the_page_shows(
    pages: Mapping[str, str],
    run: Callable[[list[str]], tuple[int, list[str]]],
    calls: list[Call],
    local_athena: LocalAthena,
) -> None:
    numbers = {}
    for name, page in pages.items():
        commands = steps(page)
        numbers[name] = len(commands)
        for command, expected in commands:
            if command[:3] == ["derived-tables", "snapshots", "compact"] and "--apply" not in command:
                # The page takes it for granted that there are three small files more than a run writes.
                for number in range(3):
                    local_athena.query(f"insert into accounts_dev_dbt.daily select {number}, 0, date '2024-01-31'")
            code, printed = run(command)
            text = "\n".join(printed)
            assert code == (1 if "--full-refresh" in command else 0), text
            lines, position = [timeless(line) for line in printed], 0
            for line in expected:
                wanted = timeless(line)
                at = [index for index, each in enumerate(lines) if index >= position and each.startswith(wanted)]
                assert at, f"{shlex.join(command)} does not print `{line}`, but:\n{text}"
                position = at[0] + 1
    assert numbers == {"analysts": 6, "platform": 17}
    assert refused(calls, policy(pages, "analysts"), "analysts") == []


@pytest.mark.long
def test_the_scheduled_run_keeps_within_its_policy(
    pages: Mapping[str, str],
    project: Project,
    run: Callable[[list[str]], tuple[int, list[str]]],
    calls: list[Call],
) -> None:
    project.write({"seeds/finance/accounts/accounts__regions.csv": "region\nnorth\n"})
    for day in ("2024-01-28", "2024-01-29", "2024-01-29", "2024-01-30"):
        project.dbt("run", target="prod", variables={"snapshot_date": day}).passed()
    project.dbt("seed", target="prod").passed()
    select = ["--target", "prod", "--select", "accounts__daily"]
    assert run(["derived-tables", "snapshots", "drop", "--keep-last", "1", "--apply", *select])[0] == 0
    assert run(["derived-tables", "snapshots", "compact", "--apply", *select])[0] == 0
    assert {"glue", "s3", "athena", "sts"} <= {call.service for call in calls}
    assert refused(calls, policy(pages, "prod"), "scheduled") == []
    assert refused(calls, policy(pages, "analysts"), "scheduled")


@pytest.mark.long
def test_the_project_builds_on_a_laptop(pages: Mapping[str, str], project: Project) -> None:
    del pages
    project.dbt("build", target="laptop", variables={"snapshot_date": "2024-01-30"}).passed()


@pytest.mark.long
def test_every_error_that_analysts_may_meet(pages: Mapping[str, str], project: Project) -> None:
    section = pages["analysts"].split("## Errors you may meet")[1]
    messages = re.findall(r"```text\n(.*?)\n```", section, flags=re.DOTALL)
    model = (project.path / DAILY).read_text(encoding="utf-8")
    day = {"snapshot_date": "2024-01-30"}

    def daily(*, sql: str = model, arguments: tuple[str, ...] = (), variables: Mapping[str, Any] = day) -> str:
        project.write({DAILY: sql})
        return project.dbt("run", "--select", "accounts__daily", *arguments, variables=variables).output

    said = [daily()]  # before the table that it reads exists
    project.dbt("run", "--select", "accounts__balances", "accounts__daily", variables=day).passed()
    said += [
        daily(sql=model.replace(", partitioned_by=['snapshot_date']", "")),
        daily(sql=model.replace("    balance,\n", "")),
        daily(sql=model.replace("    balance,", "    cast(balance as varchar) as balance,")),
        daily(variables={"snapshot_date": "yesterday"}),
        daily(arguments=("--full-refresh",)),
        daily(variables={"environment": "prod"}),
        project.dbt("parse", env={"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": None}).output,
    ]
    bad = "models/finance/accounts/Rates.sql"
    project.write({bad: "select 1 as rate"})
    said.append(project.dbt("parse").output)
    (project.path / bad).unlink()
    project.dbt("parse").passed()
    profile = (project.path / "profiles.yml").read_text(encoding="utf-8")
    project.write({"profiles.yml": profile.replace("target: dev", "target: sandbox")})
    said.append(project.dbt("run", env={"DERIVED_TABLES_USER": "jane_doe"}).output)

    assert len(messages) == len(said) == 10
    for message in messages:
        pattern = r"[^\n]*".join(re.escape(part) for part in message.split("…"))
        assert any(re.search(pattern, output) for output in said), message


def policy(pages: Mapping[str, str], name: str) -> IAMPolicy:
    """A policy of the platform guide, as moto reads it."""
    return IAMPolicy(files_of(pages["platform"])[f"{name}.json"])


def allows(rules: IAMPolicy, action: str, *resources: str) -> bool:
    """Whether a policy permits an action on all of some resources: Glue asks for the table and all that it is in."""
    return all(rules.is_action_permitted(action, each) is PermissionResult.PERMITTED for each in resources)


def refused(calls: list[Call], rules: IAMPolicy, work_group: str) -> list[tuple[str, list[str]]]:
    """The actions that calls need and a policy does not permit, with their resources."""
    needed = [each for call in calls for each in actions_of(call, work_group)]
    return [(action, resources) for action, resources in needed if not allows(rules, action, *resources)]


def actions_of(call: Call, work_group: str) -> Iterator[tuple[str, list[str]]]:
    """What a call needs.

    Source: AWS, Service Authorization Reference; for S3 its table of operations and permissions.
    """
    given = call.arguments
    if call.service == "glue":
        yield f"glue:{call.operation}", glue_resources(call)
    elif call.service == "athena":
        group = given.get("WorkGroup", work_group)
        yield f"athena:{call.operation}", [f"arn:aws:athena:eu-west-1:123456789012:workgroup/{group}"]
    elif call.service == "s3":
        bucket = f"arn:aws:s3:::{given['Bucket']}"
        if call.operation in ("ListObjects", "ListObjectsV2"):
            yield "s3:ListBucket", [bucket]
        elif call.operation == "DeleteObjects":
            for each in given["Delete"]["Objects"]:
                yield "s3:DeleteObject", [f"{bucket}/{each['Key']}"]
        else:
            yield f"s3:{call.operation}", [f"{bucket}/{given['Key']}"]
    else:
        assert (call.service, call.operation) in (("sts", "GetCallerIdentity"), ("sts", "AssumeRole"))


def glue_resources(call: Call) -> list[str]:
    """The catalog, the database and the table that a call of Glue names."""
    given, arn = call.arguments, "arn:aws:glue:eu-west-1:123456789012"
    if "Database" in call.operation:
        return [f"{arn}:catalog", f"{arn}:database/{given.get('Name', '*')}"]
    table = given.get("TableName") or given.get("Name") or given.get("TableInput", {}).get("Name") or "*"
    database = given["DatabaseName"]
    return [f"{arn}:catalog", f"{arn}:database/{database}", f"{arn}:table/{database}/{table}"]


#: What Athena calls itself, for a statement of the caller's, besides what boto3 calls.
WRITES = (
    "BatchCreatePartition",
    "BatchDeletePartition",
    "CreateDatabase",
    "CreatePartition",
    "CreateTable",
    "DeletePartition",
    "DeleteTable",
    "UpdatePartition",
    "UpdateTable",
)
DEVELOPMENT = (
    "accounts_dev_dbt",
    "accounts_dbt_test__audit_dev_dbt",
    "accounts_sandbox_jane_doe",
    "accounts_ci_pr_123",
)
PRODUCTION = ("accounts", "accounts_dbt_test__audit", "accounts_dbt_deploy")


@pytest.mark.parametrize(
    ("name", "writes", "reads_only"),
    [("analysts", DEVELOPMENT, (*PRODUCTION, "raw")), ("prod", PRODUCTION, (*DEVELOPMENT, "raw"))],
)
def test_a_role_writes_to_the_databases_of_its_environments_and_no_others(
    pages: Mapping[str, str], name: str, writes: tuple[str, ...], reads_only: tuple[str, ...]
) -> None:
    rules = policy(pages, name)
    for database in (*writes, *reads_only):
        for operation in WRITES:
            named = {"Name": database} if "Database" in operation else {"DatabaseName": database, "TableName": "daily"}
            resources = glue_resources(Call("glue", operation, named))
            assert allows(rules, f"glue:{operation}", *resources) == (database in writes), (operation, database)
        assert allows(rules, "glue:GetTable", *glue_resources(Call("glue", "GetTables", {"DatabaseName": database})))


@pytest.mark.parametrize(
    ("name", "writes", "reads", "neither"),
    [
        (
            "analysts",
            ["tables/dev/x", "tables/regions__dbt_tmp/x", "query_results/dev/x"],
            ["tables/prod/x", "tables/prod/table_name=regions__dbt_tmp/x"],
            ["query_results/prod/x", "elsewhere/x"],
        ),
        (
            "prod",
            ["tables/prod/x", "tables/regions__dbt_tmp/x", "query_results/prod/x"],
            [],
            ["tables/dev/x", "query_results/dev/x", "elsewhere/x"],
        ),
    ],
)
def test_a_role_writes_to_the_folders_of_its_environments_and_no_others(
    pages: Mapping[str, str], name: str, writes: list[str], reads: list[str], neither: list[str]
) -> None:
    rules = policy(pages, name)
    for key in (*writes, *reads, *neither):
        objects = f"arn:aws:s3:::{BUCKET}/{key}"
        assert allows(rules, "s3:GetObject", objects) == (key not in neither), key
        for action in ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"):
            assert allows(rules, action, objects) == (key in writes), (action, key)
    assert allows(rules, "s3:GetObject", "arn:aws:s3:::acme-raw/x")
    assert not allows(rules, "s3:PutObject", "arn:aws:s3:::acme-raw/x")


def test_the_guide_says_what_each_action_is_for(pages: Mapping[str, str]) -> None:
    granted = set()
    for name in ("analysts", "prod"):
        for statement in json.loads(files_of(pages["platform"])[f"{name}.json"])["Statement"]:
            actions = statement["Action"]
            granted |= {actions} if isinstance(actions, str) else set(actions)
    table = pages["platform"].split("What each action is for:")[1].split("\n- ")[0]
    assert set(re.findall("`((?:athena|glue|s3):[A-Za-z]+)`", table)) == granted
