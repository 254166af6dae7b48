# The two commands: `make demo` and `make test`. Both set up .venv first, from requirements.lock;
# all they need beforehand is Python 3.11, 3.12 or 3.13 and a package index. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check-long mutants soak bench lint format lock requirements clean

# A program that starts dozens of times in the tests must not be compiled dozens of times.
unexport PYTHONDONTWRITEBYTECODE

ARGS   =
bin    = .venv/bin
pytest = $(bin)/python -m pytest
# The tests that alone must reach every branch of the pure packages. Only they are traced: on Python
# 3.11 tracing doubles what a test costs.
pure   = $(addprefix tests/,properties unit/domain unit/engine unit/risk unit/strategies)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv from requirements.lock (the other targets do it when needed)
	@sh tools/setup.sh

demo: setup ## paper-trade a recorded market end to end: make demo ARGS="--speed 0 --json out.json"
	@$(bin)/pennyd demo $(ARGS)

# The type checker uses one processor for half a minute: the first tests run beside it.
test: setup ## lint, types, import contracts, all tests with their coverage gate (two to three minutes)
	@mkdir -p .check; sh tools/lint.sh >.check/lint.log 2>&1 & lint=$$!; \
	$(pytest) -q -n 2 --cov --cov-report=term-missing:skip-covered $(pure); tests=$$?; \
	wait $$lint; lint=$$?; cat .check/lint.log; [ $$lint -eq 0 ] && [ $$tests -eq 0 ]
	@$(pytest) -q -n 3 --maxschedchunk=1 $(addprefix --ignore=,$(pure)) $(ARGS)

check-long: setup ## the long checks: kill loops, long simulation, fuzz (up to an hour)
	@$(pytest) -m long --hypothesis-profile=long $(ARGS)

mutants: setup ## try deliberate mistakes; the simulation must catch each (table: docs/simulation.md)
	@$(bin)/python tools/mutants.py $(ARGS)

soak: setup ## hours of running
	@$(pytest) -m soak $(ARGS)

bench: setup ## measure; results in benchmarks/results/latest.json
	@$(bin)/python -m benchmarks $(ARGS)

lint: setup ## ruff, its format, strict pyright, import contracts
	@sh tools/lint.sh

format: setup ## let ruff rewrite the sources
	@$(bin)/ruff check --quiet --fix-only . && $(bin)/ruff format .

lock: setup ## rewrite requirements.lock (no index address is recorded)
	@sh tools/lock.sh

requirements: setup ## the customer's requirements that test markers prove
	@$(bin)/python tools/requirements_report.py $(ARGS)

clean: ## remove what make made (not the state of pennyd)
	@rm -rf .venv .venv-setup.log .venv-setup.lock .check .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache .coverage .coverage.* build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
