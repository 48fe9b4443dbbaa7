# One command each; `make demo` and `make test` need Python 3.11, git and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
TESTS ?=
export DJANGO_SETTINGS_MODULE ?= config.settings.local

.PHONY: demo test check bench serve requirements messages clean

$(VENV)/base.installed: requirements/base.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	touch $@

$(VENV)/dev.installed: requirements/dev.txt $(VENV)/base.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

demo: $(VENV)/base.installed
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_demo
	$(BIN)/python manage.py build_briefing cms-2022-0163 --output var/demo
ifneq ($(SERVE),0)
	$(BIN)/python manage.py serve
endif

serve: $(VENV)/base.installed
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py serve

test: $(VENV)/dev.installed
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(TESTS)

check: $(VENV)/dev.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy apps config
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py check --fail-level WARNING

bench: $(VENV)/dev.installed
	$(BIN)/python benchmarks/run.py

# Locks the versions again after a change of requirements/*.in; needs uv on the PATH.
requirements:
	for set in base production dev; do \
	  uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --quiet requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

# Collects the texts of the interface for the translators and compiles what they wrote; needs gettext.
messages:
	$(BIN)/python manage.py makemessages --locale fr --locale es --locale ar --no-wrap --no-location --ignore $(VENV) --ignore tests
	$(BIN)/python manage.py compilemessages --locale fr --locale es --locale ar --ignore $(VENV)

clean:
	rm -rf $(VENV) var
