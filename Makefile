# Yui (結). `make help` lists what there is; `make run` and `make test` need only Rust and make.
# Recipes use relative paths, so the clone may lie anywhere, in a path with spaces too: make -C "some dir" run.

.DEFAULT_GOAL := help
.PHONY: help run test check chaos bench assets build clean

CARGO ?= cargo
# Most tests wait for a server, a mail or a browser half of their time: twice as many at once as there are cores.
export RUST_TEST_THREADS ?= $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))
# More arguments for the program that a target runs, for example: make run ARGS="--listen 9000"
ARGS ?=

ASSETS := crates/web/assets
ASSET_SOURCES := $(wildcard $(ASSETS)/package.json $(ASSETS)/*.mjs) \
	$(shell find $(ASSETS)/src -type f 2>/dev/null)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build, and start Yui with the demo town (Ctrl-C stops it)
	@sh .ci/install run
	@$(MAKE) --no-print-directory build
	@exec "$${CARGO_TARGET_DIR:-target}/release/yui" up --demo $(ARGS)

test: ## Install what is missing and run every test, the browser ones too
	@sh .ci/install test
	@$(MAKE) --no-print-directory assets
	@scratch=$$(sh .ci/scratch) && trap 'case $$scratch in */yui-tests.*) rm -rf "$$scratch" ;; esac' EXIT && trap 'exit 130' INT TERM && \
		TMPDIR=$$scratch $(CARGO) test --workspace --locked $(ARGS)

check: ## Formatting, lints, documentation and the rules of the house
	@sh .ci/install run
	@$(MAKE) --no-print-directory assets
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked
	$(CARGO) test -p yui-tests --locked tidy

chaos: ## Ten minutes of killed processes, crashing servers and moody relays (YUI_CHAOS_SEED=… for the same faults again)
	@sh .ci/install test
	YUI_CHAOS_SECONDS="$${YUI_CHAOS_SECONDS:-600}" $(CARGO) test -p yui-tests --locked -- chaos fault_6 fault_7 fault_8 fault_9 fault_25 --nocapture $(ARGS)
	YUI_CHAOS_SECONDS="$${YUI_CHAOS_SECONDS:-600}" $(CARGO) test -p notifier --locked t30_

bench: ## Measure what is promised in figures; writes target/bench/report.json (ARGS="--only drain --runs 1")
	@sh .ci/install bench
	@$(MAKE) --no-print-directory assets
	$(CARGO) build --release --locked -p yui -p yui-tests --bin yui --bin bench
	@exec "$${CARGO_TARGET_DIR:-target}/release/bench" $(ARGS)

build: assets ## Build the release binary
	$(CARGO) build --release --locked -p yui

assets: $(ASSETS)/dist/app.js ## Build the style sheet and the script, if their sources have changed
	@:

clean: ## Remove everything that was built here; data is kept
	$(CARGO) clean
	rm -rf $(ASSETS)/dist $(ASSETS)/node_modules

# Made from scratch by every build of the assets, so its age is theirs.
$(ASSETS)/dist/app.js: $(ASSET_SOURCES) $(ASSETS)/node_modules/.package-lock.json
	cd $(ASSETS) && npm run --silent build
	@touch $@

# npm writes this file last. No package may run a script of its own.
$(ASSETS)/node_modules/.package-lock.json: $(ASSETS)/package-lock.json
	cd $(ASSETS) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
