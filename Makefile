.DEFAULT_GOAL := help
.PHONY: help setup install demo test pages season lint messages coverage bench faults lighthouse lock clean

PORT ?= 8000
VAR ?= var
export PORT VAR

RUN := .venv/bin/python
# The oldest Python that we support comes first: it is the one that is tested most.
FIND_PYTHON = for name in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done

LOCK := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the virtual environment; does nothing while the lock stays the same
	@cmp -s requirements/dev.txt .venv/installed.txt || $(MAKE) --no-print-directory install
	@$(RUN) tools/catalogues.py compile

install:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then echo "Jiayuan needs Python 3.11 or newer; name one: make setup PYTHON=/path/to/python3" >&2; exit 1; fi; \
	[ -x $(RUN) ] || "$$python" -m venv .venv || { echo "Python's venv module is missing (Debian: python3-venv)." >&2; exit 1; }
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/dev.txt
	@cp requirements/dev.txt .venv/installed.txt

demo: setup ## Run everything on this machine: make demo PORT=8000 VAR=var
	@exec $(RUN) manage.py run_demo

test: setup ## Check everything but what needs a browser or breaks things: CI runs this, then pages and faults
	@$(RUN) tools/checks.py test
	@echo "not checked here: the pages in a browser (make pages), what happens when something dies (make faults)"

pages: setup ## Drive the pages in the system's Chromium; pictures in var/screenshots/
	@$(RUN) tools/checks.py pages

season: setup ## Drive a whole season through the pages, at a desk and on a telephone
	$(RUN) -m pytest -q -n 0 -m season tests/browser

lint: setup ## Check style, types, import contracts, templates, catalogues
	@$(RUN) tools/checks.py lint

messages: setup ## Merge the translations' fragments and list what is missing
	@$(RUN) tools/catalogues.py merge
	@$(RUN) tools/catalogues.py check

coverage: setup ## Run the tests and show which branches they miss
	$(RUN) -m pytest -q -n 2 --cov --cov-report=term

bench: setup ## Measure ourselves beside the references
	$(RUN) -m pytest -q -s -n 0 -m benchmark tests/benchmarks

faults: setup ## Kill, hang and fill up what we stand on
	$(RUN) -m pytest -q -n 0 -m faults tests/faults

lighthouse: setup ## Measure the pages of the running demo on a telephone: make lighthouse PORT=8000 VAR=var RUNS=3
	@cmp -s package-lock.json node_modules/installed.json || { npm ci --no-audit --no-fund && cp package-lock.json node_modules/installed.json; }
	$(RUN) tools/lighthouse.py

lock: setup ## Resolve the ranges of pyproject.toml anew
	$(LOCK) -o requirements/base.txt
	$(LOCK) --group dev -o requirements/dev.txt

clean: ## Remove what the other targets made, the demo's data too; the virtual environment stays
	@! kill -0 "$$(cat $(VAR)/run/postgres.pid 2>/dev/null)" 2>/dev/null || { echo "The demo is running; stop it first." >&2; exit 1; }
	rm -rf $(foreach part,demo files log postgres run valkey,$(VAR)/$(part)) staticfiles htmlcov .coverage*
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
