# From One File to a Fleet. `make help` lists the targets.

PYTHON  ?= $(shell command -v python3.11 || command -v python3)
VENV    := .venv
BIN     := $(VENV)/bin
UV      := $(BIN)/uv
READY   := $(VENV)/.ready
STATE   := $(or $(LABKIT_HOME),.labkit)
UV_PIN  := $(shell sed -n 's/^uv==//p' requirements.lock)
LIBRARY := $(shell find labkit models bench/records -type f -not -path '*/__pycache__/*')

# uv does not read pip's own setting. Without local wheels, the CPU build of torch comes from torch's index.
space := $(subst ,, )
comma := ,
export UV_FIND_LINKS ?= $(subst $(space),$(comma),$(PIP_FIND_LINKS))
BACKEND := $(if $(UV_FIND_LINKS),,--torch-backend cpu)

# A step that fails ends make with one line: what failed and what to do.
define or_say
|| { echo "make: $(1)" >&2; exit 1; }
endef

# One fleet serves every notebook and test that the command runs; however that ends, the fleet ends with it.
SERVED := $(BIN)/python -m labkit serve --

# A notebook that passes is kept as a page of the book, and not run again until it or what it runs on changes.
NBVAL   := --nbval-lax --nbval-current-env --nbval-kernel-startup-timeout=120 --nbval-cell-timeout=600
PAGES   := --book-cache=$(STATE)/book-cache

# Compiled modules are kept: without them every process compiles torch, Ray and vLLM anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help env book test check lab bench doctor strip exercises grade lock clean distclean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

env: $(READY) ## build the environment in .venv (book, test and lab do it too)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
	  $(call or_say,Python 3.11 is needed; install it and name it: make env PYTHON=/path/to/python3.11)
	@echo "building the environment in $(VENV) (once; about a minute and 5 GB)"
	@test -x $(UV) || { $(PYTHON) -m venv --clear $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_PIN); } \
	  $(call or_say,uv $(UV_PIN) could not be installed; check the network and that the venv module is there (Debian: apt-get install python3.11-venv))
	@$(UV) pip sync --quiet --python $(BIN)/python $(BACKEND) requirements.lock \
	  $(call or_say,the packages could not be installed; check the network and free disk (5 GB) and run make env again)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . \
	  $(call or_say,labkit itself could not be installed; run make distclean and make env)
	@touch $@

book: env $(STATE)/book-cache/.current ## run every notebook for real and build the HTML book
	@$(SERVED) $(BIN)/pytest --quiet --no-header $(NBVAL) $(PAGES) notebooks || test $$? -eq 5 \
	  $(call or_say,a notebook failed; run it alone with: make test TESTS=notebooks/NAME.ipynb)
	@test _build/.current -nt $(STATE)/book-cache/.current || rm -rf _build
	@$(BIN)/jupyter-book build . --quiet -W -n --keep-going \
	  $(call or_say,the book was not built; the first message above names the page)
	@touch _build/.current
	@echo "the book is ready: $(CURDIR)/_build/html/index.html"

# A kept run is stale once what it ran on has changed.
$(STATE)/book-cache/.current: $(LIBRARY) requirements.lock _config.yml $(wildcard book/extensions/*.py)
	@rm -rf $(@D) && mkdir -p $(@D) && touch $@

test: env check $(STATE)/book-cache/.current ## lint, check types, run all tests and every notebook the book has not run
	@$(if $(TESTS),,$(SERVED)) $(BIN)/pytest $(NBVAL) $(if $(TESTS),$(TESTS),$(PAGES)) \
	  $(call or_say,tests failed; run one alone with: make test TESTS=path::name)

check: env
	@$(BIN)/ruff check --quiet . $(call or_say,ruff found the problems above; many go away with: $(BIN)/ruff check --fix .)
	@$(BIN)/ruff format --check --quiet . $(call or_say,some files are not formatted; run: $(BIN)/ruff format .)
	@$(BIN)/mypy --no-error-summary $(call or_say,mypy found the problems above)
	@$(BIN)/python -m labkit exercises --check

lab: env ## open notebooks and exercises in JupyterLab on this machine, behind a token
	@$(SERVED) $(BIN)/jupyter lab --ip=127.0.0.1 --LabApp.app_settings_dir=$(CURDIR)/lab --ServerApp.root_dir=$(CURDIR) --LabApp.default_url=/lab/tree/notebooks $(if $(filter 0,$(shell id -u)),--allow-root)

bench: env ## measure what has a target, and keep the records that prose quotes (half a day)
	@failed=; for part in notebooks ask startup chunking embedding index grading models multihop orchestrator public serving costs evaluation; do $(BIN)/python bench/$$part.py || failed="$$failed $$part"; done; \
	  test -z "$$failed" $(call or_say,not all targets were met or measured:$$failed; the lines above name them)

doctor: env ## check this machine and say what to fix
	@$(BIN)/python -m labkit doctor

strip: env ## take outputs out of the notebooks, except those that are checked
	@$(BIN)/python tests/stored_outputs.py --strip notebooks/*.ipynb

exercises: env ## make the students' notebooks in exercises/ from solutions/
	@$(BIN)/python -m labkit exercises

grade: env ## grade notebooks: make grade SUBMISSIONS="handed_in/*.ipynb" OUT=graded
	@test -n "$(SUBMISSIONS)" -a -n "$(OUT)" $(call or_say,say what to grade and where to: make grade SUBMISSIONS='handed_in/*.ipynb' OUT=graded)
	@$(BIN)/python -m labkit grade $(SUBMISSIONS) --out $(OUT)

lock: env ## work out requirements.lock anew from pyproject.toml
	@$(UV) pip compile --quiet --all-extras --python-version 3.11 --no-annotate --no-header $(BACKEND) pyproject.toml -o requirements.lock

clean: ## delete what can be made again: the built book, prepared models, caches
	@echo "deleting the built book (_build), prepared models and engine caches ($(STATE)/models, $(STATE)/vllm,"
	@echo "$(STATE)/book-cache) and tool caches; keeping your ledger of milestones in $(STATE) and the environment"
	@rm -rf _build $(STATE)/models $(STATE)/vllm $(STATE)/book-cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## clean, and delete the environment and your ledger too
	@echo "deleting the environment ($(VENV)) and all course state, your ledger included ($(STATE))"
	@rm -rf $(VENV) $(STATE) labkit.egg-info
