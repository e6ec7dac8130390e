"""Calls single macros of a parsed project, as dbt would: a thousand calls take seconds, not a run each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from dbt.adapters.factory import FACTORY
from dbt.clients.jinja import MacroGenerator
from dbt.context.providers import generate_runtime_macro_context, generate_runtime_model_context
from dbt_common.context import set_invocation_context

from derived_tables.harness.dbt_run import environment
from derived_tables.harness.projects import Project


class Macros:
    """The macros of one project on one target, ready to be called."""

    def __init__(self, project: Project, *, target: str | None = None, adapter_type: str = "duckdb") -> None:
        """Parses the project.

        Args:
            project: a project for which `dbt deps` has been run.
            target: a target of its profiles.yml; None for the default.
            adapter_type: the `type` of that target.

        Raises:
            DbtRunError: if the project does not parse.
        """
        self.manifest = project.dbt("parse", target=target).passed().result
        self.manifest.build_flat_graph()
        self._type = adapter_type
        self._adapter: Any = FACTORY.adapters[adapter_type]

    def call(
        self,
        name: str,
        *,
        package: str = "derived_tables",
        model: str | None = None,
        variables: Mapping[str, Any] | None = None,
        env: Mapping[str, str | None] | None = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Calls one macro and returns what it returns.

        Args:
            name: the macro, without its package.
            package: the package that holds the macro; `dbt_athena` for the adapter's.
            model: unique_id of the node that runs it; None for a macro run by itself.
            variables: what `--vars` would have set.
            env: environment variables for this call; None removes one.
            arguments: the macro's arguments that have the names of these.
            kwargs: the other ones.

        Raises:
            LookupError: if there is no such macro.
            dbt_common.exceptions.CompilationError: if the macro raises.
        """
        config = self._adapter.config
        macro = self.manifest.find_macro_by_name(name, config.project_name, package)
        if macro is None:
            raise LookupError(f"{package} has no macro {name}")

        before = config.cli_vars
        # dbt forgets its adapters with every command; another project may have run one since.
        FACTORY.adapters[self._type] = self._adapter
        with environment(env or {}):
            set_invocation_context(dict(os.environ))
            config.cli_vars = dict(variables or {})
            try:
                if model is None:
                    context = generate_runtime_macro_context(macro, config, self.manifest, package)
                else:
                    context = generate_runtime_model_context(self.manifest.nodes[model], config, self.manifest)
                with self._adapter.connection_named("macros"):
                    return MacroGenerator(macro, context)(**(arguments or {}), **kwargs)
            finally:
                config.cli_vars = before
