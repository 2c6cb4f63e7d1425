# Two commands do all set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: offline demo test docs explore clean

demo: $(STAMP)
	$(BIN)/gazetteer demo demo

test: $(STAMP) .venv/.tested
	bash tests/system-packages.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONHASHSEED=0 PYTHONWARNDEFAULTENCODING=1 $(BIN)/python -m pytest -n 2 --dist worksteal -q

# the laws on other examples each time, many more of them; what fails goes into an @example and is mended
ROUNDS ?= 3
explore: $(STAMP) .venv/.tested
	for round in $$(seq $(ROUNDS)); do \
	    nice $(BIN)/python -m pytest -n 2 -q -m hypothesis --hypothesis-profile=explore tests || exit 1; \
	done

$(STAMP): setup.cfg pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=...')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.tested: $(STAMP) setup.cfg
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	touch $@

# the pages, warnings as errors; served on this machine alone until Ctrl+C, except where the gate builds them
docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	$(BIN)/python -m sphinx -q -W --keep-going -b html -c docs . build/site
	$(if $(CI),,$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8000)

clean:
	rm -rf .venv build dist *.egg-info demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

# a folder that installs without the internet; PLATFORM=win_amd64 for Windows
offline: $(STAMP)
	$(BIN)/python offline/build.py 离线安装 $(if $(PLATFORM),--platform $(PLATFORM))
