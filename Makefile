# `make build` and `make test` need Python 3.10 to 3.13, make and git, `make test-all` also Go; each does its own set-up.
PYTHON ?= python3
BIN := .venv/bin
FLIGHTS := integration_tests/flights
CASES := integration_tests/cases
# What .venv has, and the other releases of dbt and DuckDB that are supported: each has a file of pins, and gets a .venv.
DEFAULT := dbt-$(shell sed -n 's/^dbt-core==\([0-9]*\.[0-9]*\)\..*/\1/p' constraints.txt)
OTHERS := $(patsubst python_tests/conformance/releases/%.txt,%,$(wildcard python_tests/conformance/releases/*.txt))
# What runs on every release, beside dbt-tests-adapter.
PROJECTS = $(addprefix python_tests/,package/test_installation.py package/test_readme.py \
	functional/assertions/test_cases_project.py functional/flights/test_flights_*.py $(COMMANDS))
COMMANDS := functional/commands
# ADAPTER=duckdb and ADAPTER=athena_local choose the tests of one target; without it, those of both run.
CHOSEN = $(if $(filter duckdb,$(ADAPTER)),-k 'not athena')$(if $(filter athena_local,$(ADAPTER)),-k athena)
# A process that crashes ends the run: pytest-xdist would start another one, and wait for ever for what it was to do.
PARALLEL := --numprocesses 2 --dist loadgroup --max-worker-restart 0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help build test test-all test-adapter test-long test-aws lint lint-workflows docs constraints clean

help:  ## Show this list
	@awk -F ':.*## *' '/^[a-z-]+:.*##/ {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: .venv/installed  ## Set up, then build and test the flights project on DuckDB
	@echo "Loading the flights data ..."
	@$(BIN)/python -m derived_tables.harness.nyc_flights
	@echo "Building and testing the flights project ..."
	@cd $(FLIGHTS) && ../../$(BIN)/dbt --quiet deps && ../../$(BIN)/dbt build

# The suite of dbt-tests-adapter holds DuckDB's connections in its process; projects of other tests would meet them.
test: lint  ## Everything that must pass before a change lands
	$(BIN)/pytest --ignore python_tests/conformance $(PARALLEL)
	$(BIN)/pytest python_tests/conformance $(PARALLEL)

test-all: test lint-workflows $(OTHERS:%=test-%) test-adapter test-long  ## The same, what takes long, and all releases

test-adapter: .venv/installed  ## Run dbt-athena's own functional tests on the local Athena
	$(BIN)/python scripts/adapter_suite.py

test-long: .venv/installed  ## What `make test` leaves out because it takes long
	$(BIN)/pytest -m long --ignore python_tests/conformance $(PARALLEL)
	$(BIN)/pytest -m long python_tests/conformance $(PARALLEL)

# Without the tests of the local Athena, which needs one release of DuckDB; those of the command need it in most places.
test-duckdb-%: ADAPTER := duckdb
test-duckdb-%: COMMANDS :=

test-$(DEFAULT): .venv/installed
	$(call test_release,.venv)

test-%: .venv/%/installed
	$(call test_release,.venv/$*)

define test_release
	@echo "Testing with $(1) ..."
	$(1)/bin/pytest $(PROJECTS) $(CHOSEN) $(PARALLEL)
	$(1)/bin/pytest python_tests/conformance -m '' $(CHOSEN) $(PARALLEL)
endef

test-aws: .venv/installed  ## Build and test the project of cases on AWS: see its profiles.yml for the variables
	cd $(CASES) && ../../$(BIN)/dbt --quiet deps
	cd $(CASES) && DERIVED_TABLES_ENVIRONMENT=ci ../../$(BIN)/dbt build --target athena --vars 'snapshot_date: 2024-02-03'

lint: .venv/installed  ## Check the style of Python, YAML and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/yamllint --strict .
	@cd $(FLIGHTS) && ../../$(BIN)/dbt --quiet deps
	cd $(FLIGHTS) && ../../$(BIN)/sqlfluff lint --disable-progress-bar models
	@cd $(CASES) && ../../$(BIN)/dbt --quiet deps
	cd $(CASES) && ../../$(BIN)/sqlfluff lint --disable-progress-bar models

lint-workflows: $(BIN)/actionlint  ## Check the workflows of GitHub Actions
	$(BIN)/actionlint -shellcheck= -pyflakes=

docs: .venv/installed  ## Write docs/reference from the YAML beside the macros
	$(BIN)/python scripts/generate_docs.py

constraints:  ## Pin the newest versions that pyproject.toml allows
	scripts/update_constraints --upgrade

clean:  ## Remove everything that the other targets made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf $(foreach project,$(FLIGHTS) $(CASES),$(addprefix $(project)/,target logs dbt_packages *.duckdb))
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 10) <= sys.version_info < (3, 14) else "Python 3.10 to 3.13 is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.11 ...")'
	@echo "Installing into .venv (the first time this takes about a minute) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

# Another release of dbt or DuckDB: what its file pins, and of all other packages what constraints.txt pins. The two are
# complete, so pip looks at no requirements: neither at dbt-core 1.12's, nor at the local Athena's for DuckDB. Make takes
# what only patterns name for intermediate, and would delete it after use.
.PRECIOUS: .venv/%/installed
.venv/%/installed: python_tests/conformance/releases/%.txt constraints.txt pyproject.toml .venv/installed
	@echo "Installing $(subst -, ,$*) into $(@D) (the first time this takes about a minute) ..."
	@$(BIN)/python -m venv --clear $(@D)
	@awk -F '==' 'FNR == NR { pinned[$$1]; print; next } !($$1 in pinned)' $< constraints.txt >$(@D)/requirements.txt
	@$(@D)/bin/pip install --quiet --no-deps --requirement $(@D)/requirements.txt --editable .
	@touch $@

$(BIN)/actionlint: .venv/installed
	@echo "Building actionlint ..."
	@GOBIN=$(CURDIR)/$(BIN) go install $(ACTIONLINT)
