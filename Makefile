# The two commands of this repository, and a few for those who work on it.
#
#   make conformance                                judge the embedded emulator
#   make conformance ARGS="--base-url ... "         judge another target
#   make sdks                                       gate every SDK that this machine can run
#   make test                                       lint, types, tests
#   make detection                                  the suite against planted faults and legal peculiarities
#   make endurance                                  the suite against hostile and distant targets

# Recipes are not printed: ARGS may hold a key.
.SILENT:

PYTHON ?= python3.11
VENV := .venv
INSTALLED := $(VENV)/.installed
ARGS ?=
ONLY ?=
PLANTED := tests/mutants tests/controls tests/blind
WHOLE_RUNS := tests/mutants tests/controls tests/blind/test_noticed.py tests/blind/sdks/test_noticed.py tests/hostile tests/reach

.PHONY: conformance sdks test lint detection endurance mutant mutants report benchmark lock

conformance: $(INSTALLED)
	$(VENV)/bin/pytest conformance $(ARGS)

# Every SDK that this machine can run, side by side, and a table of requirements by SDK.
sdks: $(INSTALLED)
	code=0; $(VENV)/bin/python -m sdks --output reports/out/sdks $(ARGS) || code=$$?; \
	$(VENV)/bin/python -m reports matrix reports/out/sdks/*/verdict.json && exit $$code

# Of the proofs of tests/blind every eighth; all of them by make detection.
test: lint
	$(VENV)/bin/pytest tests $(WHOLE_RUNS:%=--ignore %) -n 2 --dist loadfile --every 8 $(ARGS)

lint: $(INSTALLED)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

detection: $(INSTALLED)
	$(VENV)/bin/pytest $(PLANTED) $(ARGS)

# Whole runs at targets in every state of disrepair, and at a distance: a quarter of an hour.
endurance: $(INSTALLED)
	$(VENV)/bin/pytest tests/hostile tests/reach $(ARGS)

# One planted fault by its name: make mutant NAME=cursor-inclusive
mutant: $(INSTALLED)
	$(VENV)/bin/python -m tests.mutants $(NAME)

# Every planted fault under a whole run, as a table.
mutants: $(INSTALLED)
	$(VENV)/bin/python -m tests.mutants --table $(ARGS)

# The suite, and its report as one page in conformance-report/allure-report; needs Node.
report: $(INSTALLED)
	npm ci --silent --prefix reports/allure
	code=0; $(VENV)/bin/pytest conformance --alluredir conformance-report/allure-results --clean-alluredir $(ARGS) \
		|| code=$$?; \
	if [ $$code -le 1 ]; then $(VENV)/bin/python -m reports.allure conformance-report || exit 2; fi; exit $$code

benchmark: $(INSTALLED)
	$(VENV)/bin/python -m benchmarks $(ONLY) $(if $(PAGE),--page $(PAGE))

$(INSTALLED): requirements.lock
	@echo "installing what requirements.lock lists into $(VENV), which takes a minute"
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

# Pins what pyproject.toml allows; needs uv.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 -c requirements.lock \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements-runtime.lock
