# entragit: everything a developer runs. Each target needs Go, git and make; lint
# fetches its linter through the Go module proxy, and test-browser needs Chromium and Node.

GO        ?= go
GOLANGCI  := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME  ?= 20s
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.15.1
GREMLINS  := github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
MUTATED   ?= canon diff trust plan apply capture history
# seconds for each package; what is not reached by then is not judged
MUTATETIME ?= 300

.PHONY: build demo test test-browser test-incidents test-profiles lint bench fuzz mutate generate release release-check

build: ## compile bin/entragit
	$(GO) build -o bin/entragit ./cmd/entragit

demo: build ## the whole story against the emulator, in a temporary folder
	./bin/entragit demo

test: ## every test; many wait for the rates that Graph allows, so more run at a time than there are processors
	$(GO) test -parallel 4 ./...

test-browser: ## the report as a page, in headless Chromium; the modules that drive it are fetched from npm into .cache
	@for tool in chromium node npm; do command -v $$tool >/dev/null || { echo "make test-browser: $$tool is missing (Debian: apt-get install chromium nodejs npm)"; exit 1; }; done
	@mkdir -p .cache/browser && cp testdata/browser/package.json testdata/browser/package-lock.json .cache/browser
	@cmp -s .cache/browser/package-lock.json .cache/browser/installed || { npm ci --prefix .cache/browser --ignore-scripts --no-audit --no-fund && cp .cache/browser/package-lock.json .cache/browser/installed; } \
		|| { echo "make test-browser: npm could not fetch playwright-core and axe-core: is there a network?"; exit 1; }
	ENTRAGIT_BROWSER=$(CURDIR)/.cache/browser/node_modules $(GO) test ./internal/report -run '^TestPagesInABrowser$$' -count 1 -v

test-incidents: ## many seeds of what can happen to a tenant, and processes killed at each of their requests; takes hours
	ENTRAGIT_INCIDENTS=300 ENTRAGIT_KILLS=20 $(GO) test ./internal/cli -v -run '^TestIncidents|^TestKilled|^TestUndoGives' -timeout 9h
	ENTRAGIT_INCIDENTS=300 $(GO) test ./internal/apply -v -run '^TestLawUnderLag' -timeout 2h

test-profiles: ## the law under each licence, of all that is left
	ENTRAGIT_PROFILES=1 $(GO) test ./internal/cli -v -run '^TestLawUnderProfiles|^TestProfiles' -timeout 2h

lint: ## gofmt, go vet and golangci-lint
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not gofmt-clean: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(GOLANGCI) run ./...

bench: ## speed as ratios, one line each: name, value, goal, ok or short
	@$(GO) test -p 1 -run '^$$' -bench '^BenchmarkGoal' -benchtime 1x ./internal/canon ./internal/gitstore ./internal/history ./internal/apply ./internal/cli \
		> bench.out || { cat bench.out; exit 1; }
	@sed -n 's/^bench: //p' bench.out
	@cache=$$(mktemp -d); start=$$(date +%s); \
		GOCACHE=$$cache $(GO) build -o bin/entragit ./cmd/entragit && ./bin/entragit demo >/dev/null 2>&1 || exit 1; \
		took=$$(($$(date +%s) - start)); rm -rf "$$cache"; \
		test $$took -le 180 && verdict=ok || verdict=short; \
		printf 'clean build and demo, seconds\t%d\t<= 180\t%s\n' $$took $$verdict

fuzz: ## each fuzz target for FUZZTIME
	@for p in $$($(GO) list ./internal/...); do \
		for t in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$t"; \
			$(GO) test $$p -run '^$$' -fuzz "^$$t\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x || exit 1; \
		done; \
	done

release: ## build what a release holds and draft it; .github/workflows/release.yml runs it for a tag
	$(GO) run $(GORELEASER) release --clean

# What needs a registry, an account or syft is left out of the snapshot.
release-check: ## the release's configuration, a release without publishing, and that two builds of a commit give the same bytes
	$(GO) run $(GORELEASER) check
	$(GO) run $(GORELEASER) release --clean --snapshot --skip=publish,docker,sbom
	@test -d dist && for f in dist/*.tar.gz dist/*.zip; do echo "$$f $$(wc -c < $$f)"; done
	@two=$$(mktemp -d); trap 'rm -rf "$$two"' EXIT; for n in one two-further-down; do \
		git clone --quiet . $$two/$$n && $(GO) -C $$two/$$n build -trimpath -buildvcs=true -ldflags '-s -w -buildid=' -o $$two/$$n.bin ./cmd/entragit || exit 1; \
	done; cmp $$two/one.bin $$two/two-further-down.bin && echo "two builds of $$(git rev-parse --short HEAD) give the same bytes"

mutate: ## how many small changes of the engines a test notices, by package: name, killed of judged, survivors in mutate.out
	@: > mutate.out; $(GO) run $(GREMLINS) --version >/dev/null || exit 1; \
	for p in $(MUTATED); do \
		timeout -s INT $(MUTATETIME) $(GO) run $(GREMLINS) unleash --timeout-coefficient 20 ./internal/$$p > mutate.tmp.out 2>&1; \
		awk -v p=$$p '/^ *(KILLED|TIMED OUT) /{k++; n++} /^ *LIVED /{n++; print "internal/" p ": " $$0 >> "mutate.out"} /^ *NOT COVERED /{u++} \
			END{if (n==0) {print p "\tnothing was judged"; exit 1} printf "%s\t%d of %d killed, %.0f %%\t>= 90\t%s\tno test reaches %d more\n", p, k, n, 100*k/n, (k>=0.9*n ? "ok" : "short"), u}' mutate.tmp.out || cat mutate.tmp.out; \
	done; rm -f mutate.tmp.out

generate: ## schemas/ from Microsoft's metadata and the table of kinds, and the README's tables from the latter
	$(GO) generate ./...
