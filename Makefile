# entragit: everything a developer runs. Each target needs Go, git and make; lint
# fetches its linter through the Go module proxy.

GO        ?= go
GOLANGCI  := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME  ?= 20s

.PHONY: build demo test lint bench fuzz generate

build: ## compile bin/entragit
	$(GO) build -o bin/entragit ./cmd/entragit

demo: build ## the whole story against the emulator, in a temporary folder
	./bin/entragit demo

test: ## every test
	$(GO) test ./...

lint: ## gofmt, go vet and golangci-lint
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not gofmt-clean: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(GOLANGCI) run ./...

bench: ## speed as ratios, one line each: name, value, goal, ok or short
	@$(GO) test -p 1 -run '^$$' -bench '^BenchmarkGoal' -benchtime 1x ./internal/canon ./internal/gitstore ./internal/cli \
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

generate: ## schemas/ from Microsoft's metadata and the table of kinds, and the README's tables from the latter
	$(GO) generate ./...
