# Thin on purpose: each target calls one of tools/, which says more with --help.
PYTHON ?= python3
VENV := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test check lock codes fmt messages

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install and build what is missing; nothing where nothing changed
	@$(PYTHON) tools/setup.py --for run

run: setup ## The portal with demo data on 127.0.0.1:8000 (PORT= for another)
	@exec $(VENV) -m tools.run

codes: ## The demo staff's second factors of the moment
	@$(VENV) -m tools.environment $(VENV) manage.py demo --codes

test: ## Install what is missing, then all tests (ARGS="tests/unit -k clock" for a part)
	@$(PYTHON) tools/setup.py --for test
	@exec $(VENV) -m tools.test $(ARGS)

check: ## Style, types, import contracts, migrations, deployment, message files
	@$(PYTHON) tools/setup.py --for check
	@exec $(VENV) -m tools.check $(ARGS)

fmt: ## Put code and templates in form
	@$(PYTHON) tools/setup.py --for check
	@$(VENV) -m ruff check --quiet --fix-only .
	@$(VENV) -m ruff format .
	@$(VENV) -m djlint --reformat --quiet templates || true

messages: ## Bring every language's message file up to date with the sources
	@$(PYTHON) tools/setup.py --for check
	@$(VENV) -m tools.messages update

lock: ## Pin requirements/*.in again, with hashes (ARGS="--upgrade" for newer ones)
	@$(PYTHON) tools/setup.py --for check
	@$(VENV) -m tools.lock $(ARGS)
