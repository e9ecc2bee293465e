PYTHON ?= python3
BOOTSTRAP = $(PYTHON) malpas/dev/bootstrap.py
TOOL = $(BOOTSTRAP) tool
TEMPLATES = templates

.DEFAULT_GOAL := help
.PHONY: help run check test faults lint format types bench messages policy-page shell manage clean

help: ## this list
	@echo "make run      the portal with a demo school, until Ctrl-C (PORT=8000)"
	@echo "make check    before a commit: lint, types, quick tests of the structure and tests of changed files"
	@echo "make test     the whole suite (ARGS=tests/points; BROWSER=required MOVED_CLOCK=required PROXY=required)"
	@echo "make faults   the fault tests at full length: thousands of messages, minutes of killing"
	@echo "make lint     ruff, djlint and the order of imports"
	@echo "make format   write the code as lint wants it"
	@echo "make types    mypy"
	@echo "make bench    the speed of the main pages beside bare ones (SCALE=school, tiny or city)"
	@echo "make messages bring the catalogues of translations up to date"
	@echo "make policy-page  write docs/policy.md from docs/policy.yaml"
	@echo "make manage   one of Django's commands on the data of make run (ARGS=\"import_roster FILE\")"
	@echo "make shell    Python with Django on the data of make run"
	@echo "make clean    remove caches; the data of make run stays (it is in .local)"

run:
	@exec $(BOOTSTRAP) run

check: lint types
	@exec $(BOOTSTRAP) check

test:
	@exec $(BOOTSTRAP) test $(ARGS)

faults:
	@FAULTS=heavy exec $(BOOTSTRAP) test $(or $(ARGS),tests/faults)

lint:
	@$(TOOL) ruff check .
	@$(TOOL) ruff format --check .
	@$(TOOL) djlint $(TEMPLATES) --lint --check --quiet
	@$(TOOL) lint-imports

format:
	@$(TOOL) ruff check --fix .
	@$(TOOL) ruff format .
	@$(TOOL) djlint $(TEMPLATES) --reformat --quiet

types:
	@$(TOOL) mypy

bench:
	@exec $(BOOTSTRAP) with-servers python -m benchmarks $(ARGS)

messages:
	@exec $(BOOTSTRAP) messages

policy-page:
	@$(TOOL) python -m malpas.dev.policy_page

manage:
	@exec $(BOOTSTRAP) manage $(ARGS)

shell:
	@exec $(BOOTSTRAP) manage shell

clean:
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
