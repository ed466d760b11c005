# Every way to run hrdb. `make run` is enough; see README.md.

SIZE ?= 2000
PORT ?= $(or $(HRDB_PORT),8000)
WORKERS ?= 2
HRDB_VAR ?= $(CURDIR)/var
ARGS ?=

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py

export HRDB_VAR
export PYTHONUTF8 = 1

.DEFAULT_GOAL := run
.PHONY: setup setup-tests run test check format bench stop lock

setup:          ## the virtual environment and the system's libraries; again only when the lock changed
	@deploy/setup.sh run

setup-tests:    ## the same with the tools of developers, and a browser
	@deploy/setup.sh tests

run: setup      ## everything from nothing to a served demonstration province
	@$(MANAGE) prepare
	@$(MANAGE) load_demonstration --size $(SIZE) || [ $$? = 3 ] # 3: other data is there, and stays
	@$(MANAGE) serve --port $(PORT)

test: setup-tests
	@$(PYTHON) -m pytest -n $(WORKERS) $(ARGS)

check: setup-tests
	@deploy/check.sh

format: setup-tests
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format . && git ls-files -z 'templates/*.html' | xargs -0r .venv/bin/djade

bench: setup-tests
	@$(PYTHON) -m bench $(ARGS)

stop:           ## end what `make run` started, the database included
	@test ! -x $(PYTHON) || $(MANAGE) stop

lock: setup-tests ## pin the dependencies anew, with hashes and without any index's address
	@deploy/lock.sh
