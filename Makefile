# The two commands people need are `make demo` and `make test`; `make help` lists the rest.
# Needs Python 3.11 or newer, git and make. Everything else is installed below .venv and node_modules.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
DEMO := CRESCENT_DEMO=1
# Building and checking belong to no installation: its keys, hosts, data and database stay out.
BUILDING := env -u CRESCENT_SECRET_KEY -u CRESCENT_DEID_KEY -u CRESCENT_HISTORY_KEY \
	-u CRESCENT_ALLOWED_HOSTS -u DATABASE_URL CRESCENT_DEMO=1 CRESCENT_DATA=$(CURDIR)/build/data
SOURCES := config imaging registry tests manage.py
ISLANDS := $(shell find imaging/viewer registry/islands -type f 2>/dev/null) package-lock.json tsconfig.json vite.config.ts
GERMAN := build/locale/de/LC_MESSAGES/django.mo

# Debian keeps Orthanc where only root looks.
export PATH := $(PATH):/usr/sbin
export NPM_CONFIG_FUND := false
export NPM_CONFIG_AUDIT := false
export NPM_CONFIG_UPDATE_NOTIFIER := false

# Five lanes, two at a time, in an order that leaves no core alone with a long one at the end.
LANES := test-postgresql test-sqlite test-browser test-faults test-without-database

.PHONY: help setup demo run test $(LANES) test-islands check fix bench bench-audit bench-scale lock system-packages clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# --- environment -------------------------------------------------------------------------------

setup: $(VENV)/.installed build/.collected $(GERMAN) ## environment and front end

$(VENV)/.installed: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Crescent needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json package.json $(VENV)/.installed
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --silent
	@touch $@

# Nothing is removed: a server that runs goes on with the files it knows by their hash.
build/.collected: node_modules/.installed $(ISLANDS)
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run build --silent
	$(BUILDING) $(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

$(GERMAN): config/locale/de.po $(VENV)/.installed
	@mkdir -p $(@D)
	$(BIN)/pybabel --quiet compile --locale de --input-file $< --output-file $@

# --- running -----------------------------------------------------------------------------------

demo: setup ## synthetic cohort, server on 127.0.0.1:8000 (PORT= moves it)
	@$(DEMO) $(MANAGE) migrate --verbosity 0
	@$(DEMO) $(MANAGE) load_demo
	@printf '\nCrescent is on http://127.0.0.1:%s (stop it with Ctrl+C)\n\n' $(PORT)
	@$(DEMO) $(MANAGE) load_demo --log-ins
	@$(DEMO) exec $(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT)

run: setup ## development server with reload
	$(DEMO) $(MANAGE) migrate --verbosity 0
	$(DEMO) $(MANAGE) runserver 127.0.0.1:$(PORT)

# --- tests -------------------------------------------------------------------------------------

# What touches no database is asked once; so is what a browser shows, and what is in the demonstration.
test: setup system-packages test-islands ## all tests; those with a database on SQLite and on PostgreSQL
	@$(MAKE) --no-print-directory --jobs=2 $(LANES)

test-islands: setup
	PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent

test-sqlite: setup system-packages
	env -u DATABASE_URL $(BIN)/python -m pytest -m "not browser and not faults and not no_database"

test-postgresql: setup system-packages
	$(BIN)/python tests/postgresql.py $(BIN)/python -m pytest \
		-m "not browser and not one_database and not no_database"

test-browser: setup system-packages
	env -u DATABASE_URL $(BIN)/python -m pytest -m browser

test-faults: setup system-packages
	env -u DATABASE_URL $(BIN)/python -m pytest -m faults

test-without-database: setup system-packages
	env -u DATABASE_URL $(BIN)/python -m pytest -m no_database

system-packages: ## browser and DICOM tools, where the system lacks them
	@tests/install_system_packages

# --- keeping it in shape -----------------------------------------------------------------------

check: setup ## lint, types, import contracts, migrations, deployment
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy config imaging registry
	$(BIN)/lint-imports
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run check --silent
	$(BUILDING) $(MANAGE) makemigrations --check --dry-run
	$(BIN)/python tests/deployment_check.py

fix: setup ## format and repair what can be repaired
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: setup system-packages build/bench/.installed ## benchmarks as ratios against a peer in the same run
	$(BIN)/python -m tests.benchmarks

bench-scale: setup ## every page with 1,000 and with 100,000 patients, on both databases (an hour or two)
	$(BIN)/python -m tests.benchmarks --scale

bench-audit: setup ## the page of each audit with 1,000 to 100,000 cases, on both databases; growth as a plot
	$(BIN)/python -m tests.benchmarks.auditing

# What is only compared with stays out of the environment of the product.
build/bench/.installed: requirements-bench.txt
	$(PYTHON) -m venv build/bench
	build/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

lock: $(VENV)/.installed ## compile the hash-pinned requirements anew
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --group pyproject.toml:bench -c requirements.txt -o requirements-bench.txt

clean: ## remove what was built; the data folder stays
	rm -rf build node_modules $(VENV)
