# PolGap. Two commands do everything on a fresh machine: `make demo` and `make test`.

PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(shell command -v $(p) 2>/dev/null)))
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
UV     := $(BIN)/uv pip install -q --no-config --python $(BIN)/python --require-hashes

# Without bytecode every start pays the compilation of all libraries again.
export PYTHONDONTWRITEBYTECODE :=
export NO_MKDOCS_2_WARNING := 1
unexport PYTHONPATH PIP_REQUIRE_VIRTUALENV VIRTUAL_ENV CONDA_PREFIX

.PHONY: demo test install check bench peers lock docs clean

demo: $(VENV)/.core
	$(BIN)/polgap demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

install: $(VENV)/.dev

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/mkdocs build --strict --quiet --site-dir $(VENV)/site

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build --strict --site-dir site

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(PART)

# Peers need other libraries: environments of their own, 1.3 GB and 0.6 GB (spopt), Python 3.11.
PEERS := .venv-peers
ANYUV  = $(or $(wildcard $(BIN)/uv),uv)
peers: $(PEERS)/evaluation/.ready $(PEERS)/baseline/.ready $(PEERS)/spopt/.ready
	for peer in evaluation baseline; do $(PEERS)/$$peer/bin/python peers/run_views.py $$peer \
	  $(or $(POLGAP_DATA),../shared/data) tests/peers/views_$$peer.json || exit 1; done

# `python -m benchmarks.optbench --family pmed` runs this one.
$(PEERS)/spopt/.ready: peers/requirements-spopt.lock
	$(in_its_own)

$(PEERS)/%/.ready: peers/requirements-views-%.lock
	$(in_its_own)

define in_its_own
$(PYTHON) -m venv --clear $(@D)
$(ANYUV) pip install -q --no-config --python $(@D)/bin/python --require-hashes -r $<
touch $@
endef

# A stamp made last: an interrupted installation starts over.
$(VENV)/.core: requirements.lock build.lock uv.lock.txt pyproject.toml
	@echo "Installing PolGap into $(VENV): about 0.7 GB on disk, once."
	$(PYTHON) -m venv --clear $(VENV)
	( $(PIP) install -q --require-hashes -r uv.lock.txt && \
	  $(UV) -r requirements.lock -r build.lock ) || \
	  $(PIP) install -q --require-hashes --only-binary :all: -r requirements.lock -r build.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: $(VENV)/.core requirements-dev.lock
	$(UV) -r requirements-dev.lock || \
	  $(PIP) install -q --require-hashes --only-binary :all: -r requirements-dev.lock
	touch $@

# Hashes, no address: the locks name no registry.
HASHES = --generate-hashes --no-emit-index-url --no-header --no-annotate
LOCK = $(ANYUV) pip compile -q --universal --python-version 3.11 $(HASHES)
lock:
	$(ANYUV) pip compile -q --universal --python-version 3.11 --no-header \
	  --no-annotate --all-extras pyproject.toml build.in -o all.pins
	$(LOCK) -c all.pins pyproject.toml -o requirements.lock
	$(LOCK) -c all.pins --extra schedule pyproject.toml -o requirements-schedule.lock
	$(LOCK) -c all.pins --extra scale pyproject.toml -o requirements-scale.lock
	$(LOCK) -c all.pins --extra model pyproject.toml -o requirements-model.lock
	$(LOCK) -c all.pins --all-extras pyproject.toml -o requirements-dev.lock
	$(LOCK) -c all.pins build.in -o build.lock
	echo uv | $(LOCK) - -o uv.lock.txt
	rm all.pins
	for peer in views-evaluation views-baseline spopt; do \
	  $(ANYUV) pip compile -q --python-version 3.11 $(HASHES) \
	  peers/$$peer.in -o peers/requirements-$$peer.lock; done

clean:
	rm -rf $(VENV) $(PEERS) .mypy_cache .ruff_cache .pytest_cache .hypothesis site demo
