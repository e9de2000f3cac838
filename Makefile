# Countersign: the verbs. `make` alone lists them.
#
# Each installs what it needs first (frontend/toolchain.sh). CARGO_TARGET_DIR is respected.

SHELL := /bin/bash
.DEFAULT_GOAL := help
# Cargo uses all cores by itself; the verbs run one at a time.
.NOTPARALLEL:

TARGET := $(or $(CARGO_TARGET_DIR),target)
WITH := frontend/toolchain.sh

PORT ?= 3000
# The server ends with make, however make ends.
TIED := $(if $(shell command -v setpriv),setpriv --pdeathsig TERM)

.PHONY: help serve test check lint e2e bench dist pg

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

serve: ## build what changed and serve the demo on http://127.0.0.1:3000 (PORT=4000 moves it)
	@$(WITH) compiler -- frontend/build.sh dev
	@COUNTERSIGN_LISTEN="$${COUNTERSIGN_LISTEN:-127.0.0.1:$(PORT)}" \
	  exec $(TIED) "$(TARGET)/debug/countersign" serve --demo

test: ## everything: format, lints, SQLite and PostgreSQL, the pages in a headless browser
	@$(WITH) compiler lints postgres node python chromium php -- end2end/test-all.sh all

check: ## the quick part of test: no PostgreSQL, no browser
	@$(WITH) compiler lints -- end2end/test-all.sh check

lint: ## format and lints alone; `cargo fmt` repairs the format
	@$(WITH) compiler lints -- end2end/test-all.sh lint

e2e: ## the browser tests alone
	@$(WITH) compiler node python chromium php -- end2end/test-all.sh browser

bench: dist ## load test of the release build: a table, and target/bench.json (ARGS="--seconds 20")
	@$(WITH) compiler -- cargo run --release --package bench -- \
	  --binary "$(TARGET)/dist/countersign" --out "$(TARGET)/bench.json" $(ARGS)

dist: ## release build: target/dist/ with the program and its site folder
	@$(WITH) compiler -- frontend/build.sh release

pg: ## a PostgreSQL of your own until Ctrl-C; prints its URL
	@exec $(WITH) postgres -- end2end/postgres.sh serve
