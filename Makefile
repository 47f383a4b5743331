# Two commands matter: `make run` and `make test`. The rest is for those who change things.
PYTHON ?= python3
BOT := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup run test check train eval bench screenshots translations lock dist audit soak fuzz

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: # both environments; does nothing when nothing changed
	@$(PYTHON) bot/environments.py

run: setup ## Start Vecino with the demo city; prints where to look
	@$(BOT) -m bot train
	@$(BOT) -m bot serve

test: setup ## Run every test (those that need a peer say which)
	@$(BOT) -m bot train
	@$(BOT) -m pytest -n 2 --dist worksteal

check: setup ## Style, types, floors of the architecture, insecure code, secrets
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/bandit -q -c pyproject.toml -r bot nlu channels handlers tickets digest store web
	@$(BOT) -m tests.guards.secrets

fuzz: setup ## Feed every reader of outside input what nobody sends (INPUTS=100000, SEED=1, TARGETS=sms,bounces)
	@$(BOT) -m tests.fuzz --by hypothesis --inputs $(or $(INPUTS),100000) --seed $(or $(SEED),1) $(if $(TARGETS),--targets $(TARGETS))
	@$(BOT) -m tests.fuzz --by changes --inputs $(or $(INPUTS),100000) --seed $(or $(SEED),1) $(if $(TARGETS),--targets $(TARGETS))
	@$(if $(TARGETS),,nlu/.venv/bin/python -m tests.fuzz --inputs $(or $(INPUTS),100000) --seed $(or $(SEED),1) --targets wire)

audit: setup ## Known holes in both lock files; says "not audited" where advisories cannot be reached
	@$(BOT) -m tests.guards.audit

train: setup ## Train the model (skipped when its data did not change)
	@$(BOT) -m bot train

eval: setup ## How well the model understands sentences it never saw (CV=5, STOCK=1 EPOCHS=20, SHARE=0.1)
	@$(BOT) -m bot train
	@$(BOT) -m nlu.evaluation.evaluate $(if $(STOCK),--stock $(filter-out 1,$(STOCK))) $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(CV),--folds $(CV)) $(if $(SHARE),--share $(SHARE))

bench: setup ## Measure: time to answer, messages a second beside Rasa's own, and that nothing is lost in a hostile world
	@$(BOT) -m bot train
	@$(BOT) -m benchmarks.answer
	@$(BOT) -m benchmarks.throughput --database sqlite,postgresql --processes 2 --seconds 8 --peer
	@$(BOT) -m benchmarks.hostile --messages 300 --kills 3 --restarts 1

soak: setup ## Half an hour of a lifelike day: does anything grow? (MINUTES=30, DATABASE=sqlite, TICKETS=100000)
	@$(BOT) -m bot train
	@$(BOT) -m benchmarks.start
	@$(BOT) -m benchmarks.soak --minutes $(or $(MINUTES),30) --tickets $(or $(TICKETS),100000) --database $(or $(DATABASE),sqlite) $(if $(MINUTES)$(DATABASE),,--picture docs/img/soak.svg)

screenshots: setup ## Draw the pictures of the desk and the digest in docs/img anew (needs Chromium)
	@$(BOT) -m tests.digest.screenshots
	@$(BOT) -m tests.web.screenshots

translations: setup ## Collect the texts and bring the catalogues up to date
	@.venv/bin/pybabel extract -F locales/babel.cfg -k _ --no-location --no-wrap --sort-output --project=Vecino --copyright-holder="the Vecino authors" -o locales/messages.pot .
	@.venv/bin/pybabel update -i locales/messages.pot -d locales --no-wrap --ignore-obsolete --no-fuzzy-matching

dist: setup ## Build the wheel, the source archive and the bill of materials into dist/
	@$(BOT) -m bot.release

lock: # pinned files with hashes; no host is written into them
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt
	@.venv/bin/uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header nlu/requirements.in -o nlu/requirements.txt
