SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# In the site, which every other build of the front end empties: then what would be put into the release is no longer its own.
release := target/site/.release
sources := $(shell find .cargo Cargo.toml Cargo.lock rust-toolchain.toml build.rs src style public migrations vendor -path src/tests -prune -o -print)

.PHONY: help serve build package watch test bench chaos simulate model noise examples spellings oidc-load fuzz weight lighthouse fmt lint clean
.SILENT:

help: ## list what there is
	sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

serve: build ## build the release and serve the page on http://localhost:3000
	exec target/release/beonho

build: $(release) ## build the release: one file, target/release/beonho

$(release): $(sources)
	. .ci/tools.sh build
	say "building the release (about 10 minutes on two cores the first time)"
	cargo leptos build --release --precompress --cargo-locked
	touch $@

package: build ## build a Debian package: target/debian/beonho_VERSION_ARCH.deb
	. .ci/tools.sh package
	cargo deb --no-build --no-strip --locked

watch: ## serve a debug build that follows the sources
	. .ci/tools.sh build
	exec cargo leptos watch

test: ## run every ring of tests, or those named in RINGS
	.ci/test.sh $(RINGS)

bench: build ## measure flows per second on SQLite and PostgreSQL
	. .ci/tools.sh test
	.ci/with_postgres.sh cargo bench --features ssr --bench load

chaos: build ## kill replicas at random for a minute and check the record; SEED=N repeats a run
	. .ci/tools.sh test
	for database in sqlite postgres; do
	  .ci/with_postgres.sh cargo bench --features ssr --bench chaos -- --database $$database --seconds 60 $(if $(SEED),--seed $(SEED))
	  .ci/with_postgres.sh cargo bench --features ssr --bench chaos -- --database $$database --seconds 30 --budget 100 $(if $(SEED),--seed $(SEED))
	done

simulate: ## play days of people and of attacks against the guard, and print what got through; about 10 minutes
	. .ci/tools.sh build
	cargo bench --features ssr --bench simulate -- --seeds 4 --million

model: ## hold random groups of requests against the same one by one, on both databases; SEEDS=N plays so many
	. .ci/tools.sh test
	BEONHO_MODEL_SEEDS=$(or $(SEEDS),2000) .ci/with_postgres.sh cargo test --locked --features ssr --test integration -- model --nocapture

noise: build ## send 200,000 random requests: nothing may panic, answer 500 or eat memory; SEED=N repeats a run
	. .ci/tools.sh build
	cargo bench --features ssr --bench noise -- $(if $(SEED),--seed $(SEED))

examples: build ## run the programs of examples/ against the release
	. .ci/tools.sh test
	cargo build --locked --features ssr --example back_end --example relying_party
	tsc -p examples
	node .ci/examples.mjs

spellings: ## let Google's library judge 20,000 spellings of numbers; SEED=N makes others
	. .ci/tools.sh test
	cargo run --locked --quiet --no-default-features --example spellings -- $(or $(SEED),1) 20000 | node .ci/spellings.mjs

oidc-load: build ## measure the provider beside npm's oidc-provider
	. .ci/tools.sh build
	node .ci/oidc_load.mjs

fuzz: build ## send requests made from the OpenAPI document, and judge the answers by it
	.ci/fuzz.sh

weight: build ## print what the page weighs on the wire; SAVE=1 keeps it as the baseline
	node .ci/weight.mjs $(if $(SAVE),--save)

lighthouse: build ## judge the page as a cheap phone on a slow line sees it
	. .ci/tools.sh test
	node .ci/lighthouse.mjs

fmt: ## format the sources
	. .ci/tools.sh rust
	cargo fmt

lint: ## run the rings that run nothing
	.ci/test.sh format types clippy-server clippy-browser dependencies

clean: ## remove what was built; the tools stay
	rm -rf target
