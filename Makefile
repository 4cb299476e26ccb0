.PHONY: setup setup-check run test drills lint messages lock picture
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The lock names everything, so nothing is resolved anew: a release younger than the lock cannot break an installation.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r
CHECK := $(BIN)/python -m pip check --disable-pip-version-check
export PORT ?= 8000

# The environment alone; a second run only compares one time stamp.
setup: $(VENV)/.run $(VENV)/.static

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Bekal needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# For the check of the locks: install one of them into an environment that exists.
setup-check:
	$(INSTALL) $(LOCK)
	$(CHECK)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	$(INSTALL) requirements.lock
	$(CHECK)
	touch $@

# Style sheets and script in the forms that browsers take over a weak line.
$(VENV)/.static: $(wildcard app/static/*/*.css app/static/*/*.js app/static/*.svg) | $(VENV)/.run
	$(BIN)/python -m whitenoise.compress --quiet app/static
	touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	$(INSTALL) requirements-dev.lock
	$(CHECK)
	touch $@ $(VENV)/.run

# Database, region data, demo content when empty, web server and worker on 127.0.0.1:$PORT. Safe to repeat.
run: setup
	@$(BIN)/flask --app app serve

# The suite of a day's work on SQLite and on PostgreSQL (from a wheel, unless TEST_DATABASE_URL names a server).
test: $(VENV)/.dev $(VENV)/.static
	$(BIN)/python -m tests $(ARGS)

# Everything that `make test` leaves out: the long walks, and on PostgreSQL what hardly differs there.
drills: $(VENV)/.dev $(VENV)/.static
	$(BIN)/python -m tests drills $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# After a sentence was added or changed: the catalogue that translators start from (docs/translating.md).
messages: $(VENV)/.dev
	$(BIN)/pybabel -q extract -F pyproject.toml -k _ --no-location --sort-output --omit-header -o app/translations/messages.pot .

# For maintainers: the picture in the README, from a demo that runs (`make run` in another terminal).
picture: $(VENV)/.dev
	$(BIN)/python docs/picture.py $(ARGS)

# For maintainers: newest versions that pyproject.toml allows, with hashes and without addresses. Needs uv.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" -o requirements-dev.lock
