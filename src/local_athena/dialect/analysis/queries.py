"""Analyses queries: WITH, set operations, VALUES, and what orders and limits them."""

from __future__ import annotations

from dataclasses import replace

from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.ordering import Clauses, ordered_relation
from local_athena.dialect.analysis.recursion import recursive_relation, refers_to_itself
from local_athena.dialect.analysis.relations import Relations
from local_athena.dialect.analysis.scope import Scope
from local_athena.dialect.analysis.selects import Selects
from local_athena.dialect.analysis.set_operations import combined, values_relation
from local_athena.dialect.analysis.statement import (
    Environment,
    Named,
    Relation,
    Statement,
    error_at,
)
from local_athena.dialect.syntax import tree


class QueryAnalyser:
    """Analyses the queries of one statement."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.relations = Relations(statement, self)
        self._selects = Selects(statement, self, self.relations)

    def query(self, query: tree.Query, environment: Environment, outer: Scope | None) -> Relation:
        """Analyses a query; `outer` is the scope that it may correlate with."""
        inside = self._with(query, environment, outer)
        clauses = Clauses.of(query, self.statement)
        if isinstance(query.body, tree.Select):
            relation = self._selects.select(query.body, inside, outer, clauses)
        else:
            relation = self.body(query.body, inside, outer)
            analyser = CallAnalyser(self.statement, self, inside, Scope(()))
            relation = ordered_relation(relation, clauses, analyser, outer, query)
        self._check_unused(query, inside)
        return relation

    def body(self, body: tree.Body, environment: Environment, outer: Scope | None) -> Relation:
        """Analyses what stands before ORDER BY."""
        match body:
            case tree.Select():
                return self._selects.select(body, environment, outer, Clauses())
            case tree.Query():
                return self.query(body, environment, outer)
            case tree.Values():
                analyser = CallAnalyser(self.statement, self, environment, Scope((), outer), clause="VALUES clause")
                return values_relation(body, analyser)
            case tree.TableRef():
                everything = tree.Select((tree.Star(at=body.at),), relation=body, at=body.at)
                return self.body(everything, environment, outer)
            case tree.SetOperation():
                left = self.body(body.left, environment, outer)
                return combined(body, left, self.body(body.right, environment, outer), self.statement)

    # --- WITH

    def _with(self, query: tree.Query, environment: Environment, outer: Scope | None) -> Environment:
        """The environment of a query: with the names of its WITH, each of which sees those before it."""
        defined: set[str] = set()
        for named in query.with_queries:
            name = named.name.name
            if name in defined:
                message = f"WITH query name '{named.name.value}' specified more than once"
                raise error_at(named, "DUPLICATE_NAMED_QUERY", message)
            defined.add(name)
            recursive = query.recursive and refers_to_itself(named)
            entry = Named(named, environment, recursive, outer)
            environment = replace(environment, named={**environment.named, name: entry})
        return environment

    def named(self, entry: Named) -> Relation:
        """A query of WITH, where it is used."""
        self.statement.seen.add(id(entry.query))
        return self.statement.once(entry, lambda: self._named(entry))

    def _named(self, entry: Named) -> Relation:
        if entry.recursive:
            return recursive_relation(entry, self, self.statement)
        relation = self.query(entry.query.query, entry.environment, entry.outer)
        names = entry.query.columns
        if not names:
            return relation
        _require_distinct_names(names)
        if len(names) != len(relation.columns):
            message = f"Column alias list has {len(names)} entries but relation has {len(relation.columns)} columns"
            raise error_at(names[0], "MISMATCHED_COLUMN_ALIASES", message)
        renamed = zip(relation.columns, names, strict=True)
        return replace(relation, columns=tuple(replace(column, name=name.value) for column, name in renamed))

    def _check_unused(self, query: tree.Query, environment: Environment) -> None:
        """A query that nobody uses must be right all the same; what it scans is not read."""
        for named in query.with_queries:
            entry = environment.named[named.name.name]
            if id(named) not in self.statement.seen and isinstance(entry, Named):
                scans = len(self.statement.scans)
                self.named(entry)
                self.statement.scans.forget(scans)


def _require_distinct_names(names: tuple[tree.Identifier, ...]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.name in seen:
            raise error_at(name, "DUPLICATE_COLUMN_NAME", f"Column name '{name.value}' specified more than once")
        seen.add(name.name)
