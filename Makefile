# `make run` and `make test` are all that is needed on a machine with Python 3.11 and make.
# Neither the product nor its tests download anything after this set-up.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# Stamps hold the hash of the lock file they stand for: another branch's lock reinstalls.
LOCKS_RUN := $(VENV)/.run-$(shell sha256sum requirements/run.lock | cut -c1-16)
LOCKS_DEV := $(VENV)/.dev-$(shell sha256sum requirements/dev.lock | cut -c1-16)
INSTALLED := $(VENV)/.package-$(shell sha256sum pyproject.toml | cut -c1-16)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CATALOGUES := $(wildcard src/guildmark/locale/*/LC_MESSAGES/*.po)
MESSAGES := $(CATALOGUES:.po=.mo)
RUN_ARGUMENTS ?=
TEST_ARGUMENTS ?=
FUZZ_TARGETS ?= all
FUZZ_RUNS ?= 20000

.PHONY: help run install install-dev messages chromium softhsm lock check test explore fuzz tour \
	reference format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: install messages ## run the platform with an example company (RUN_ARGUMENTS="--port 9000")
	@exec $(BIN)/guildmark run $(RUN_ARGUMENTS)

test: install-dev messages chromium softhsm ## run the whole test suite (TEST_ARGUMENTS="-k wallet")
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(TEST_ARGUMENTS)

explore: install-dev messages ## look for new counterexamples of the properties of the libraries
	@HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n 2 tests/credentials tests/analytics \
		$(TEST_ARGUMENTS)

fuzz: install-dev ## feed every parser of the library with mutations (FUZZ_TARGETS="cbor-items" FUZZ_RUNS=1000000)
	@$(BIN)/python -m tests.credentials.fuzzing $(FUZZ_TARGETS) --runs $(FUZZ_RUNS)

check: install-dev messages ## lint, types, layers, migrations, message catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@$(BIN)/python tools/check_migrations.py
	@$(BIN)/python tools/collect_messages.py --check

tour: install-dev messages chromium ## walk the main job and make the pictures of docs/tour.md anew
	@TOUR_PICTURES=docs/tour $(BIN)/python -m pytest -n 0 tests/journeys/test_main_job.py

reference: install-dev ## write the reference of guildmark.credentials into build/reference
	@$(BIN)/python tools/make_reference.py build/reference
	@echo "build/reference/index.html"

format: install-dev ## format the code and sort the imports
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

install: $(LOCKS_RUN) $(INSTALLED)

install-dev: $(LOCKS_DEV) $(INSTALLED)

messages: install $(MESSAGES)

chromium: ## make sure that a browser for the browser tests is there
	@tools/ensure_chromium.sh

softhsm: ## make sure that a device in software for the tests of keys in devices is there
	@tools/ensure_softhsm.sh

lock: ## pin the newest allowed versions with their hashes
	@tools/lock.sh

clean: ## remove the environment and what was built
	rm -rf $(VENV) build dist
	rm -f src/guildmark/locale/*/LC_MESSAGES/*.mo

$(BIN)/python:
	@PYTHON="$(PYTHON)" tools/make_venv.sh $(VENV)

# The development set holds the run set, so it stands for both.
$(LOCKS_RUN): | $(BIN)/python
	@[ -e $(LOCKS_DEV) ] || { echo "Installing what the platform needs"; \
		$(PIP) install --require-hashes -r requirements/run.lock; }
	@rm -f $(VENV)/.run-*; touch $@

$(LOCKS_DEV): | $(BIN)/python
	@echo "Installing what the platform and its tests need"
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@rm -f $(VENV)/.dev-* $(VENV)/.run-*; touch $@ $(LOCKS_RUN)

$(INSTALLED): | $(LOCKS_RUN)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.package-*; touch $@

%.mo: %.po tools/compile_messages.py
	@$(BIN)/python tools/compile_messages.py $<
