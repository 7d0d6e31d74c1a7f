# `make run` and `make test` set up whatever they need; `make` alone lists what there is.
PYTHON ?= python3
BIN := .venv/bin
UV := .tools/uv/bin/uv
LOCK := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
  pyproject.toml --extra server --extra postgres --extra objectstore
COMPILE := $(LOCK) --extra pandas --group quickstart

.NOTPARALLEL:
.PHONY: help run setup setup-dev test test-frameworks lint format lock wheel bench clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup  ## Start the server, train the quickstart's models (TRAIN=1: again), print the links
	@$(BIN)/python -m scripts.run $(if $(TRAIN),--train)

setup:  ## Set up what running needs; leaves the command at .venv/bin/fluvial
	@$(PYTHON) scripts/setup.py run

setup-dev:  ## Set up what working on fluvial needs
	@$(PYTHON) scripts/setup.py dev

test: setup-dev  ## Check everything: format, lint, types, layers, unit, browser and end-to-end tests
	@$(BIN)/python -m scripts.check all

test-frameworks: setup-dev  ## Check every flavor, each framework in an environment of its own; writes docs/flavors.md
	@$(BIN)/python -m scripts.frameworks $(FLAVORS)

lint: setup-dev  ## Check everything but the tests
	@$(BIN)/python -m scripts.check static

format: setup-dev  ## Format the code, and fix what the linters can fix
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .
	@cd web && npm run --silent format

lock: setup  ## Choose the versions of the Python packages again, from pyproject.toml
	@$(COMPILE) --extra parquet --extra sql --extra models --group dev --output-file requirements/dev.txt
	@$(COMPILE) --constraint requirements/dev.txt --output-file requirements/run.txt
	@$(LOCK) --constraint requirements/dev.txt --output-file requirements/image.txt

wheel: setup  ## Build the wheel, with the web app in it, into dist/
	@$(UV) build --quiet --wheel --out-dir dist
	@ls -1 dist/*.whl

bench: setup-dev  ## Measure what README.md claims
	@$(BIN)/python -m bench

clean:  ## Remove everything that was made here, except the data in .fluvial
	rm -rf .venv .tools .setup dist web/node_modules src/fluvial/server/webapp .frameworks \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
