# Two commands set everything up on a fresh machine: `make demo` and `make test`.
# A second run is fast and needs no network.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
# make's own timestamps decide what is done again: no step runs twice for the same inputs.
SETUP := .venv/.set-up
CHROME := .venv/.chromium
HEADLESS_SHELL := .venv/.headless-shell
ENGINES := .venv/.engines
DEMO_HOST ?= 127.0.0.1
DEMO_PORT ?= 8082
# Tests run in several processes, a file in one of them: what its tests share is made once.
# One more than there are processors: half of what tests do is wait for servers.
# One at a time, as for --pdb: make test-server WORKERS=0
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PARALLEL := -n $(WORKERS) --maxprocesses 4 --dist loadfile

.PHONY: help setup runtime compiled demo test test-server test-browser test-other-pythons lint lint-types lint-imports lint-javascript format benchmark drill wheels constraints clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

setup: $(SETUP)  ## make .venv with everything that is needed for development

$(SETUP): pyproject.toml runtime/pyproject.toml constraints.txt .ci/find-python
	@test -x $(PYTHON) || (python=$$(.ci/find-python) && echo "Making .venv with $$python" && "$$python" -m venv .venv)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--editable '.[test,lint,build,benchmark,fast,websocket,redis,postgresql,mysql,mysql-pure,password]' --editable runtime
	@touch $@

runtime: $(SETUP)  ## build the browser runtime (once; Node and npm are needed here only)
	@$(PYTHON) -m runtime.build

$(CHROME): $(SETUP) .ci/find-chromium
	@.ci/find-chromium > $@.new && mv $@.new $@

$(HEADLESS_SHELL): $(CHROME) .ci/find-headless-shell
	@.ci/find-headless-shell "$$(cat $(CHROME))" > $@.new && mv $@.new $@

$(ENGINES): $(SETUP) .ci/find-engines
	@.ci/find-engines && touch $@

demo: runtime  ## set up, migrate, seed and serve the demo
	@cd web/demo && PATH="$(CURDIR)/.venv/bin:$$PATH" && export PATH && \
		velocious db:create db:migrate db:seed && \
		exec velocious server --host $(DEMO_HOST) --port $(DEMO_PORT)

test: lint test-server test-other-pythons test-browser  ## all tests: lint and types, server, browser

# Programs that tests start need not compile our sources each: where Python writes no bytecode by itself, too.
compiled: $(SETUP)
	@$(PYTHON) -m compileall -q core env_node env_browser

test-server: runtime compiled  ## the tests that need no browser
	$(PYTHON) -m pytest tests $(PARALLEL)

test-other-pythons: runtime  ## unit tests and suites on the other supported Pythons that are installed
	@.ci/test-other-pythons $(PARALLEL)

test-browser: runtime compiled $(HEADLESS_SHELL) $(ENGINES)  ## the suites inside the browser, and the pages
	@CHROMIUM="$$(cat $(CHROME))" HEADLESS_SHELL="$$(cat $(HEADLESS_SHELL))" .ci/test-browser

lint: runtime  ## ruff, pyright, import-linter, and tsc for the JavaScript
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	@$(MAKE) --no-print-directory --jobs 2 lint-types lint-imports lint-javascript

# Each of them keeps one core busy.
lint-types: $(SETUP)
	.venv/bin/pyright

lint-imports: $(SETUP)
	.venv/bin/lint-imports

lint-javascript: runtime
	runtime/node_modules/.bin/tsc --project runtime/tsconfig.json
	runtime/node_modules/.bin/tsc --project runtime/tsconfig.page.json

format: $(SETUP)  ## format the code
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

benchmark: runtime $(CHROME)  ## measure: records (SQLite, PostgreSQL, browser), event loop, HTTP, realtime, start-up
	$(PYTHON) -m benchmarks.orm
	$(PYTHON) -m benchmarks.event_loop
	$(PYTHON) -m benchmarks.http
	$(PYTHON) -m benchmarks.realtime
	$(PYTHON) -m benchmarks.postgresql
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m benchmarks.startup
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m benchmarks.browser_http
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m benchmarks.browser_orm
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m benchmarks.browser_storage
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m benchmarks.browser_tabs

drill: runtime $(CHROME)  ## the long checks: 2,000 random schemas, a large copy, 10,000 random requests, 10,000 ends of sockets among servers that are killed, 1,000,000 frames that nobody would send, ninety kills of the whole browser, fifty ends of tabs that own the database, ten updates beside old tabs, full quotas
	$(PYTHON) -m pytest tests/differential tests/node/test_upgrade_drill.py tests/node/test_openapi.py tests/node/realtime/test_redis_drill.py tests/node/realtime/test_process_drill.py tests/node/realtime/test_slow_reader.py tests/unit/realtime/test_fuzz.py -m drill
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m pytest browser_tests/test_interruptions.py -m drill
	CHROMIUM="$$(cat $(CHROME))" VELOCIOUS_KILLS=50 $(PYTHON) -m pytest browser_tests/test_durability.py -s
	CHROMIUM="$$(cat $(CHROME))" VELOCIOUS_KILLS=20 $(PYTHON) -m pytest browser_tests/test_storage_drills.py browser_tests/test_files_beside.py -m "drill or not drill"
	CHROMIUM="$$(cat $(CHROME))" $(PYTHON) -m pytest browser_tests/test_many_tabs.py -m drill -s

wheels: runtime  ## build both wheels into dist/
	$(PYTHON) -m build --wheel --outdir dist .
	$(PYTHON) -m runtime.build --wheel dist

constraints: $(SETUP)  ## write the exact versions of what is installed into constraints.txt
	@{ echo '# Exact versions of everything the set-up installs; `make constraints` writes it anew.'; \
		$(PYTHON) -m pip freeze --exclude-editable; } > constraints.txt

clean:  ## remove what was built (not what was downloaded)
	rm -rf dist build .pytest_cache .ruff_cache .import_linter_cache web/demo/db/*.sqlite3* web/demo/log web/demo/tmp
