# Lianxin 连心. `make` alone says what can be made.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# Tests share one database server and two cores; more workers only wait for each other. Each begins
# with a stretch of its own (worksteal), so that what a file builds for its tests is built once.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN); [ $$n -lt 2 ] && n=2; [ $$n -gt 4 ] && n=4; echo $$n)
DEBIAN_POSTGRES := $(patsubst %/initdb,%,$(lastword $(wildcard /usr/lib/postgresql/*/bin/initdb)))

# A start that may not keep what it compiled compiles all of it anew, at three times the price.
unexport PYTHONDONTWRITEBYTECODE
export PORT
export DJANGO_SETTINGS_MODULE := lianxin.settings

.PHONY: help run test lint bench street shots lock clean

help:  ## this list
	@echo "连心 Lianxin"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: .venv/base.txt node_modules/.lock  ## set everything up and open http://127.0.0.1:PORT (8000)
	@exec $(BIN)/python -m lianxin run

test: .venv/dev.txt node_modules/.lock  ## everything that must hold; what CI runs
	@tools/browser.sh
	@code=0; $(MAKE) lint || code=1; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal || code=1; \
	if [ -n "$(DEBIAN_POSTGRES)" ]; then \
	  echo "Once more, what hangs on the database, on $(DEBIAN_POSTGRES)"; \
	  LIANXIN_TEST_PROGRAMS=$(DEBIAN_POSTGRES) \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m database || code=1; \
	fi; exit $$code

lint: .venv/dev.txt  ## ruff, mypy
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy

bench: .venv/dev.txt node_modules/.lock  ## measure, against the figures we promise (QUICK=1: small)
	@QUICK=$(QUICK) $(BIN)/python -m bench

street: .venv/dev.txt node_modules/.lock  ## live a busy street's day over HTTP (an hour; QUICK=1: six minutes)
	@QUICK=$(QUICK) $(BIN)/python -m bench.street

shots: .venv/dev.txt node_modules/.lock  ## take every page in every way into var/shots, and find fault
	@tools/browser.sh
	@$(BIN)/python -m shots $(PAGES)

lock: .venv/dev.txt  ## choose versions anew and write the locks
	@cd requirements && for part in base dev; do ../$(BIN)/uv pip compile --quiet --upgrade \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" $$part.in -o $$part.txt; done
	@npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent

clean:  ## remove what can be made again (not var/: that is your data)
	rm -rf .venv node_modules lianxin/web/static/vendor .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A copy of each lock, kept where it was installed: as long as they are equal there is nothing to do.
.venv/bin/python:
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 以上 · Python 3.11 or newer is needed (PYTHON=…)"; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/base.txt: requirements/base.txt pyproject.toml | .venv/bin/python
	@cmp -s requirements/base.txt $@ && cmp -s pyproject.toml .venv/pyproject.toml || { \
	  echo "正在安装依赖 · installing packages"; \
	  $(PIP) install --require-hashes -r requirements/base.txt; \
	  $(PIP) install --no-deps --no-build-isolation --editable .; }
	@cp pyproject.toml .venv/pyproject.toml; cp requirements/base.txt $@

.venv/dev.txt: requirements/dev.txt .venv/base.txt
	@cmp -s requirements/dev.txt $@ || { \
	  echo "正在安装测试工具 · installing test tools"; \
	  $(PIP) install --require-hashes -r requirements/dev.txt; }
	@cp requirements/dev.txt $@

node_modules/.lock: package-lock.json package.json tools/vendor.sh
	@command -v npm >/dev/null || { echo "需要 npm · npm is needed (Node.js 18+)"; exit 2; }
	@cmp -s package-lock.json $@ || npm ci --ignore-scripts --no-audit --no-fund --silent
	@tools/vendor.sh
	@cp package-lock.json $@
