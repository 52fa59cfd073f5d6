# `make run` shows mailflow at work on a sample mailbox; `make test` tests it. Both install what they need into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check bench soak screenshots lock clean

run: .venv/installed
	@$(BIN)/mailflow demo

test: .venv/installed-for-tests
	tests/servers/install.sh
	$(MAKE) check
	$(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal --cov=mailflow --cov-report=term:skip-covered --cov-fail-under=85

check: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

bench: .venv/installed-for-tests
	tests/servers/install.sh
	PYTHONPATH=tests $(BIN)/python -m bench.throughput
	PYTHONPATH=tests $(BIN)/python -m bench.pages

# A picture of every page of the desk, in both colour schemes, into screenshots/.
screenshots: .venv/installed-for-tests
	tests/servers/install.sh
	PYTHONPATH=tests $(BIN)/python -m screenshots

# Letters come while mailflow is killed at random moments. SOAK="--letters 5000 --kills 600 --seed 7" asks for another size.
soak: .venv/installed-for-tests
	tests/servers/install.sh
	PYTHONPATH=tests $(BIN)/python -m bench.soak $(SOAK)

# The versions that were tested together; `make lock` makes the file anew from the newest that pyproject.toml allows.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet -e '.[test]'
	.venv-lock/bin/pip freeze --exclude-editable --exclude pip --exclude setuptools > constraints.txt
	rm -rf .venv-lock

.venv/bin/python:
	$(PYTHON) -m venv .venv || { rm -rf .venv; tests/servers/as-root.sh apt-get install -y python3-venv && $(PYTHON) -m venv .venv; }

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing mailflow into .venv (a minute or so)."
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/installed-for-tests: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing mailflow and what its tests need into .venv (a minute or so)."
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ .venv/installed

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
