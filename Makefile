# Two commands do all set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
INSTALL := $(BIN)/python -m pip install --quiet

.PHONY: offline demo test docs pictures explore clean locks sbom changes

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

$(STAMP): setup.cfg pyproject.toml locks/run.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=...')"
	$(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes --requirement locks/run.txt
	$(INSTALL) --no-deps --editable .
	touch $@

.venv/.tested: $(STAMP) locks/test.txt
	$(INSTALL) --require-hashes --requirement locks/test.txt
	touch $@

# after a change of what setup.cfg asks for, or to take newer releases: every wheel with its hash, for Python 3.11 to 3.13
# and every platform; then the licences of what is locked. `LOCKED=--upgrade make locks` takes the newest.
COMPILE = $(BIN)/uv pip compile setup.cfg --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-annotate --no-header --quiet $(LOCKED)
locks: $(STAMP)
	$(INSTALL) --editable ".[release]"
	$(COMPILE) --extra test --extra docs --output-file locks/test.txt
	$(COMPILE) --constraint locks/test.txt --output-file locks/run.txt
	rm -f $(STAMP) && $(MAKE) .venv/.tested && $(BIN)/python .ci/licences.py > docs/licences.md

# what a release is made of, as CycloneDX, to lie beside its wheel; and its chapter of the changelog
sbom: $(STAMP)
	$(INSTALL) --editable ".[release]"
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements locks/run.txt \
	    --output-reproducible --output-file dist/sbom.json

VERSION = $$($(BIN)/python -c "import gazetteer; print(gazetteer.__version__)")
changes: $(STAMP)
	$(INSTALL) --editable ".[release]"
	$(BIN)/towncrier build --version $(VERSION)

# the words of click in Chinese, from their source
words: .venv/.tested
	$(BIN)/pybabel compile -d data/locale -l zh_CN

# the pages, warnings as errors; served on this machine alone until Ctrl+C, except where the gate builds them
docs: .venv/.tested
	$(BIN)/python -m sphinx -q -W --keep-going -b html -c docs . build/site
	$(if $(CI),,$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site 8000)

# every sheet, map and paper of the demo as a small picture in docs/pictures, and the page that shows them
pictures: .venv/.tested
	$(BIN)/gazetteer demo build/demo
	$(BIN)/python .ci/pictures.py build/demo docs/pictures

clean:
	rm -rf .venv build dist *.egg-info demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

# a folder that installs without the internet; PLATFORM=win_amd64 for Windows
offline: $(STAMP)
	$(BIN)/python offline/build.py 离线安装 $(if $(PLATFORM),--platform $(PLATFORM))
