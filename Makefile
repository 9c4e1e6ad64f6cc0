# Two commands for a newcomer: `make demo` and `make test`. Everything they need is installed in .venv.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

.DEFAULT_GOAL := help

help: ## Say what can be asked
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22

$(VENV)/.made:
	@echo "→ environnement Python (.venv)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bocage demande Python 3.11 ou plus récent (make PYTHON=/chemin/vers/python3.11 …)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; } || \
	  { echo "Il manque de quoi faire un environnement Python : installez python3-venv (ou python3-pip), puis recommencez."; rm -rf $(VENV); exit 1; }
	@$(PIP) --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	@echo "→ bibliothèques"
	@$(PIP) -c constraints.txt -e . --group front
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "→ outils de test"
	@$(PIP) -c constraints.txt --group dev
	@$(BIN)/python tools/front.py clients
	@touch $@

FRONT := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
src/bocage/static/build/.made: $(VENV)/.run $(FRONT)
	@echo "→ pages (TypeScript, styles)"
	@$(BIN)/python tools/front.py
	@touch $@

setup: $(VENV)/.run src/bocage/static/build/.made messages ## Install what running needs

messages: $(VENV)/.run
	@$(BIN)/python tools/messages.py compile

demo: setup ## Load the demonstration territory and start the site (PORT, BOCAGE_DATA_DIR)
	@$(BIN)/bocage demo

test: setup $(VENV)/.dev ## Run every test
	@$(BIN)/python tools/checks.py
	@$(BIN)/python -m pytest -n $${BOCAGE_TEST_PROCESSES:-2} --dist worksteal

check: setup $(VENV)/.dev ## Style, types, contracts, messages
	@$(BIN)/python tools/checks.py

fix: $(VENV)/.dev ## Mend what can be mended by itself
	@$(BIN)/ruff format src tests tools benchmarks
	@$(BIN)/ruff check --fix src tests tools benchmarks
	@$(BIN)/python tools/messages.py extract

bench: setup $(VENV)/.dev ## Measure, side by side with the peers, as ratios
	@$(BIN)/python -m benchmarks --keep
	@$(BIN)/python -m benchmarks.check --keep
	@$(BIN)/python -m benchmarks.gis --keep

docs: setup ## Write the generated pages of docs/
	@$(BIN)/python tools/docs.py

clean: ## Remove what was built (never the data)
	@rm -rf $(VENV) src/bocage/static/build frontend/node_modules

.PHONY: help setup messages demo test check fix bench docs clean
