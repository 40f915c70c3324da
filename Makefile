# Every target makes the virtual environment it needs, once for each version of pyproject.toml.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?= -q -n auto
SOURCES := dialect passes lowering interpreter frontend tools package

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint bench clean

help:
	@echo "make demo      run a real model from TTNN IR to tiled loops, and check it"
	@echo "make test      pytest and the filecheck suite, without what is marked slow"
	@echo "make test-all  all of it"
	@echo "make lint      ruff and pyright"
	@echo "make bench     the tables of benchmarks/"
	@echo "make clean     remove the virtual environment and caches"

# What is needed to run the project.
$(VENV)/.runs: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("expected Python 3.11 or newer, got " + sys.version)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# What is needed to test it.
$(VENV)/.tests: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.runs

demo: $(VENV)/.runs
	@$(BIN)/python examples/demo.py

test: $(VENV)/.tests
	$(BIN)/python -m pytest $(PYTEST_FLAGS) -m "not slow"

test-all: $(VENV)/.tests
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

lint: $(VENV)/.tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright $(SOURCES)

bench: $(VENV)/.tests
	$(BIN)/python benchmarks/interpreter.py
	$(BIN)/python benchmarks/compile_time.py
	$(BIN)/python benchmarks/door_overhead.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
