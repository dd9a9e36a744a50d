# Convoscope: `make run` and go. Works with GNU make 3.81 and later and any POSIX shell.
#
#   make run        serve on this machine        PORT=8000 HOST=127.0.0.1
#   make test       the tests, some minutes      BROWSER=none leaves out those that need Chromium
#   make test-all   and the long ones            ARGS="-k links" goes to pytest
#   make test-rest  the long ones, and what the last `make test` skipped
#   make lint       style and types, Python and JavaScript
#   make format     bring both into the style
#   make bench      tables of ratios, measured side by side
#   make soak       slow clients, a whole class at once, thousands of damaged files; minutes
#   make wheel      dist/convoscope-….whl
#   make clean      remove everything made here
#
# `.venv` holds the dependencies and never the checkout itself. Each set of them has a stamp in it, older
# than pyproject.toml when the set has to be looked at again. `.venv-wheel` has what builds the wheel, and no more.

# Taken from the command line only, since shells and toolchains export these names for purposes of their own.
HOST =
ARGS =
PYTHON =

PY = .venv/bin/python

# One process more than cores, each of which takes file after file; ARGS=-n0 is one, as a debugger needs it.
SIDE_BY_SIDE = -n auto --maxprocesses=8 --dist=loadfile --no-loadscope-reorder

.NOTPARALLEL:
.PHONY: help run test test-all test-rest lint format bench soak wheel clean browser screenshot

help:
	@sed -n '3,13s/^# *//p' Makefile

run: .venv/.run
	@exec $(PY) -m app serve $(if $(HOST),--host '$(HOST)') $(if $(PORT),--port '$(PORT)') $(ARGS)

test: .venv/.test browser
	@BROWSER='$(BROWSER)' $(PY) -m pytest $(SIDE_BY_SIDE) $(ARGS)

test-all: .venv/.test browser
	@BROWSER='$(BROWSER)' $(PY) -m pytest -m '' $(SIDE_BY_SIDE) $(ARGS)

test-rest: .venv/.test browser
	@BROWSER='$(BROWSER)' $(PY) -m pytest -m '' --rest $(SIDE_BY_SIDE) $(ARGS)

lint: .venv/.run .venv/.lint .ci/node_modules/.stamp
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@sh .ci/node npm --prefix .ci run --silent check

format: .venv/.run .venv/.lint .ci/node_modules/.stamp
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m ruff format --quiet .
	@sh .ci/node npm --prefix .ci run --silent format

bench: .venv/.test .venv/.bench browser
	@set -e; for file in tests/bench/[a-z]*.py; do \
	    echo; $(PY) -m "tests.bench.$$(basename "$$file" .py)"; \
	done

soak: .venv/.test
	@set -e; for file in tests/soak/class_burst.py tests/soak/fairness.py tests/soak/slow_clients.py tests/soak/weights.py; do \
	    echo; $(PY) -m "tests.soak.$$(basename "$$file" .py)"; \
	done

wheel: .venv-wheel/.wheel
	@rm -rf dist
	@.venv-wheel/bin/python -m hatchling build -t sdist -t wheel

screenshot: .venv/.test browser
	@$(PY) -m tests.screenshot

clean:
	rm -rf .venv .venv-wheel .ci/node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis
	find app tests -name __pycache__ -type d -prune -exec rm -rf '{}' + 2>/dev/null || :

browser: .venv/.test
	@BROWSER='$(BROWSER)' sh .ci/browser

.venv/.run .venv/.test .venv/.lint .venv/.bench: pyproject.toml .ci/environment
	@PYTHON='$(PYTHON)' sh .ci/environment $(subst .venv/.,,$@)

.venv-wheel/.wheel: pyproject.toml .ci/environment
	@PYTHON='$(PYTHON)' sh .ci/environment wheel

.ci/node_modules/.stamp: .ci/package.json .ci/package-lock.json .venv/.lint
	@sh .ci/node npm --prefix .ci ci --no-audit --no-fund --loglevel=error
	@touch $@
