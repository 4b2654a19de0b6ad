# The one list of commands. `make setup` first, or let the others call it.
.PHONY: setup setup-run demo up test pure bulk coverage check bench dmn doors faults cluster upgrade accept lock
PY = .venv/bin/python
BIN = .venv/bin
unexport PYTHONDONTWRITEBYTECODE  # what tests start many times is compiled once

setup:          # everything, for tests and development
	@bin/setup all

setup-run:      # what running needs
	@bin/setup run

demo: setup-run # a populated system on this machine; EXIT=1 shows one report and ends; SPEED=5 SEED=7: another day, faster
	@$(BIN)/grid36 demo $(if $(SPEED),--speed $(SPEED)) $(if $(SEED),--seed $(SEED)) $(if $(EXIT),--exit)

up: setup-run   # an empty system on this machine
	@$(BIN)/grid36 up

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup     # the checkers use one processor: beside them run the tests of what is pure; then two files of all others
	@$(MAKE) --no-print-directory -j 2 check pure bulk
	$(PY) -m pytest -n 2 --no-loadscope-reorder $(PURE:%=--ignore=%)

PURE = tests/unit/schemas tests/unit/rules
BULK = tests/unit/rules/test_deadlines_in_bulk.py
pure: setup     # what is pure is measured, by its own tests; measuring the rest would take half as long again
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n 2 $(PURE) $(BULK:%=--ignore=%)
	@$(BIN)/coverage combine -q
	$(BIN)/coverage report

bulk: setup     # pure as well, and not measured: it would take twice as long
	$(PY) -m pytest $(BULK)

coverage: check # all tests, measured everywhere
	@rm -f .coverage .coverage.*
	-$(BIN)/coverage run --source=texts,schemas,rules,streams,connectors,grid36 -m pytest -n 2 --no-loadscope-reorder
	@$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under=0

bench: setup
	@$(PY) -m bench

dmn: setup      # asks an independent DMN engine about 2,000 drawn rulebooks; make test asks it about 60
	@DMN_TABLES=2000 DMN_SEED=$(or $(SEED),1) $(PY) -m pytest -q tests/unit/grid36/files/dmn/test_engine.py

doors: setup    # all that doors promise, held against every platform; make test takes one of each kind
	@ALL_DOORS=1 $(PY) -m pytest -q -n 2 tests/contract/test_doors.py tests/contract/test_chat_doors.py

faults: setup
	@$(PY) -m tests.faults

cluster: setup  # three brokers with log-ins: kills each in turn, replaces workers, says how long orders paused
	@$(PY) -m tests.cluster

upgrade: setup  # a system of the last release, full of cases, is killed and taken over by this one, which is killed too
	@$(PY) -m tests.upgrade

accept: setup   # DATA=dir with nyc311_dec2015.csv and nyc_neighborhoods.geojson
	@$(PY) -m tests.accept $(DATA)

lock:           # after a change of dependencies in pyproject.toml; needs uv
	@bin/lock
