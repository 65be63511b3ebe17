# From a fresh clone with only Python 3.11 (or newer) and make. `make help` lists every target.
PYTHON ?= python3
PORT ?= 8000
RASA_PORT ?= 5005
PIPELINE ?= light
T ?= tests
UV := .tools/bin/uv
BIN := .venv/bin
UV_VERSION := 0.13.9

.PHONY: help setup run test check bench rasa soak audit-long holes translations docs format clean

help: ## every target with one line
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Orienta needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.complete: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --compile-bytecode --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

setup: .venv/.complete ## install what is missing and train the embedded understanding
	@$(BIN)/orienta train --if-needed

run: setup ## start everything on embedded defaults (PORT=8000)
	@PORT=$(PORT) $(BIN)/orienta run

test: setup ## run the test suite (T=tests/content for a part)
	$(BIN)/python -m pytest $(T)

check: setup ## format, lint, types, import contracts, content, training data, catalogues, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/orienta content check
	$(BIN)/orienta directory check
	$(BIN)/python -m nlu.check
	$(BIN)/python -m pytest tests/house -q

EXTRACT := $(BIN)/pybabel -q extract -F locales/babel.cfg -k w -k words -k plural:1,2 -k N_ --no-location --sort-output --omit-header
UPDATE := $(BIN)/pybabel -q update -N -w 110 --ignore-obsolete --ignore-pot-creation-date
translations: setup ## bring the catalogues in locales/ up to the sentences in the code
	@mkdir -p build
	$(EXTRACT) -o locales/messages.pot .
	@# Console and reports speak es, pt and en; fr and ht hold what people who ask may read.
	$(EXTRACT) --ignore-dirs ".* _* console demand" -o build/people.pot .
	@for language in es pt en; do $(UPDATE) -i locales/messages.pot -l $$language -o locales/$$language/LC_MESSAGES/messages.po; done
	@for language in fr ht; do $(UPDATE) -i build/people.pot -l $$language -o locales/$$language/LC_MESSAGES/messages.po; done

docs: .venv/.complete ## bring the generated passages of README up to the code
	$(BIN)/python -m tests.house.readme

format: .venv/.complete ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## the benchmarks, as tables of ratios
	$(BIN)/python -m tests.bench

rasa: .venv/.complete ## set up, train and serve Rasa on 127.0.0.1:5005 (RASA_PORT, PIPELINE=light|diet)
	PATH="$(abspath .tools/bin):$$PATH" PIPELINE=$(PIPELINE) RASA_PORT=$(RASA_PORT) nlu/rasa/orienta_rasa.sh serve

soak: setup ## a hundred thousand updates, a thousand kills in the middle of answers (an hour)
	$(BIN)/python -m tests.soak

audit-long: setup ## bound every cell of twenty simulated years of releases (an hour, at low priority)
	ORIENTA_PRIVACY_SEEDS=20 nice -n 19 $(BIN)/python -m pytest tests/privacy/test_03_linear_program.py -q -s -k year

# Asks the public list of known holes (OSV, or HOLES_URL) about every library of uv.lock; never silent when it cannot ask.
holes: | $(UV) ## whether a library has a known hole (before each release, and weekly)
	@$(UV) audit --frozen --preview-features audit-command $(if $(HOLES_URL),--service-url $(HOLES_URL)) || \
	{ echo "A hole is known, or the list could not be asked: see above. What to do by when: console/SECURITY.md, Components." >&2; exit 1; }

clean: ## remove what was built; data in var/ stays
	rm -rf .venv .tools nlu/model nlu/rasa/.venv nlu/rasa/models
