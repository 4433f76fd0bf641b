# Pullquote on a fresh machine: `make run` sets everything up and starts it; `make test` sets up and tests.
# On Linux without a GPU, TORCH_INDEX=https://download.pytorch.org/whl/cpu makes the download several GB smaller.

PYTHON ?= python3
TORCH_INDEX ?=
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
BENCH_VENV := .venv-bench
BENCH_BIN := $(BENCH_VENV)/bin
BENCH_STAMP := $(BENCH_VENV)/.set-up
BENCH_OUT := build/bench-quality

# make bench-quality DATA=folder SETS="squad2_dev …" LIMIT=questions; without them, a small set of the repository.
DATA ?= tests/data/questions
SETS ?= town
LIMIT ?=

.PHONY: setup run test check bench bench-quality screenshots lock clean
.DEFAULT_GOAL := setup

setup: $(STAMP)

# torch goes first and alone, so that its index (if one is given) serves nothing else; the lock pins all the rest.
$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Pullquote needs Python 3.11 or newer; say which with: make PYTHON=python3.12")'
	@echo "Setting up $(VENV) (the first time this downloads about 400 MB and takes some minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) \
		"$$(grep '^torch==' requirements.lock)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	@touch $@
	@echo "Ready: $(BIN)/pullquote --help"

# The sandbox needs no Discord account; with a token (in the environment or in .env) the bot connects to Discord.
run: setup
	@if [ -n "$$PULLQUOTE_DISCORD__TOKEN" ] || grep -qs '^PULLQUOTE_DISCORD__TOKEN=.' .env; then \
		echo "Connecting to Discord ..."; exec $(BIN)/pullquote run; \
	else \
		echo "No PULLQUOTE_DISCORD__TOKEN: starting the sandbox on this machine ..."; exec $(BIN)/pullquote sandbox; \
	fi

test: setup
	@echo "Running all tests ..."
	@$(BIN)/python -m pytest

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup
	@$(BIN)/python benchmarks/latency.py

# The pictures of README.md, from the real sandbox in Chromium.
screenshots: setup
	@$(BIN)/python docs/screenshots.py

# Pullquote beside other retrievers, which live in an environment of their own.
bench-quality: setup $(BENCH_STAMP)
	@$(BIN)/python -m benchmarks.peers.compare --peers-python $(BENCH_BIN)/python --data "$(DATA)" --out $(BENCH_OUT) \
		$(if $(LIMIT),--limit $(LIMIT)) $(SETS)

$(BENCH_STAMP): benchmarks/peers/requirements.txt
	@echo "Setting up $(BENCH_VENV) (about 2 GB) ..."
	@test -x $(BENCH_BIN)/python || $(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check \
		$(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$$(grep '^torch==' benchmarks/peers/requirements.txt)"
	@$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/peers/requirements.txt
	@touch $@

# Pin everything anew, from a clean environment, without naming where it came from.
lock:
	@.ci/lock.sh $(PYTHON)

clean:
	rm -rf $(VENV) $(BENCH_VENV) .mypy_cache .ruff_cache .pytest_cache build dist *.egg-info
