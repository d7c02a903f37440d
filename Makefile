# pachup: one static binary from src/, its tests from tests/. `make help` lists the targets.
# Variables: V=1 shows commands; B=DIR builds elsewhere; ROOMS="base pipeline" builds only these rooms;
# MODE=dev|asan|fuzz|cover|static picks the flags and build/MODE; `make static ARCH=aarch64` (or x86_64)
# builds for another processor, into build/static-ARCH.

HOST    := $(shell uname -m)
ARCH    ?= $(HOST)
CROSS   := $(if $(filter-out $(HOST),$(ARCH)),$(ARCH)-linux-gnu-)
MODE    ?= dev
B       ?= build/$(MODE)$(if $(CROSS),-$(ARCH))
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)
# one line for each command of a quiet build
say      = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' '$(1)' '$(2)' && )
ROOMS   ?= $(shell sed -n 's/^\([a-z][a-z/]*\):.*/\1/p' src/LAYERS)
PKGS    := libcurl libcjson libgit2 libsodium libprotobuf-c yaml-0.1
PREFIX  ?= /usr/local
PYTHON  ?= /usr/bin/python3
FUZZ_SECONDS ?= 60
T       ?= *
# the cases mostly wait
CASE_JOBS = $$((4 * $$(getconf _NPROCESSORS_ONLN)))

# The static binary has libraries of its own, made by .ci/static-libs; all other builds have Debian's.
STATIC  := build/static$(if $(CROSS),-$(ARCH))/lib
ifeq ($(MODE),static)
PKG_CFLAGS := -isystem $(STATIC)/include
PKG_LIBS   := $(patsubst %,$(STATIC)/%.a,curl c-ares nghttp2 libssl libcrypto libgit2 http-parser zlib libsodium \
              libyaml cjson protobuf-c)
# for another processor: Debian's own glibc and libgcc before those of the cross compiler (.ci/static/libc)
LIBC       := $(if $(CROSS),$(wildcard $(STATIC)/libc/usr/lib/$(ARCH)-linux-gnu $(STATIC)/libc/usr/lib/gcc/$(ARCH)-linux-gnu/*))
READY      := $(and $(wildcard $(STATIC)/stamp),$(shell command -v protoc-c))
else
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
READY      := $(and $(PKG_LIBS),$(shell command -v protoc-c))
endif

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wold-style-definition -Wconversion -Wwrite-strings -Wcast-qual -Wformat=2 \
           -Wswitch-enum -Wundef -Wvla -Wpointer-arith -Werror \
           $(if $(findstring -fsanitize,$(CFLAGS)),-Wno-type-limits) # arena.c: its blocks have 0 bytes then
HARDEN  := -fno-common -fPIE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
           $(if $(filter x86_64,$(ARCH)),-fcf-protection) $(if $(filter aarch64,$(ARCH)),-mbranch-protection=standard)
comma   := ,
RELRO   := -Wl,-z,relro,-z,now,-z,noexecstack
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT     ?= -O2

CFLAGS_dev     := $(OPT) -g $(HARDEN)
CFLAGS_asan    := -O1 -g $(SANITIZE)
CFLAGS_fuzz    := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
CFLAGS_cover   := -O0 -g --coverage
CFLAGS_static  := -Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-unwind-tables $(HARDEN)
LDFLAGS_dev    := -pie $(RELRO)
LDFLAGS_asan   := $(SANITIZE)
LDFLAGS_fuzz   := $(SANITIZE)
LDFLAGS_cover  := --coverage
LDFLAGS_static := $(LIBC:%=-B%) -static-pie $(RELRO) -Wl,--gc-sections,--build-id=none$(if $(filter x86_64,$(ARCH)),$(comma)-z$(comma)pack-relative-relocs) -s

ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(MODE)),clang,$(if $(CROSS),$(CROSS)gcc,cc))
endif
ifeq ($(origin AR),default)
AR := $(CROSS)ar
endif
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -Isrc -I$(B)/gen $(PKG_CFLAGS)
CFLAGS   ?= -std=c11 $(CFLAGS_$(MODE)) -ffile-prefix-map=$(CURDIR)=.
LDFLAGS  ?= $(LDFLAGS_$(MODE))
LDLIBS   ?= $(PKG_LIBS) -lm

SRC     := $(sort $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c)))
PROTO   := $(sort $(wildcard src/wire/proto/*.proto))
GOOGLE  := duration timestamp wrappers
GEN_C   := $(if $(filter wire,$(ROOMS)),$(PROTO:src/wire/proto/%.proto=$(B)/gen/%.pb-c.c) \
           $(GOOGLE:%=$(B)/gen/google/protobuf/%.pb-c.c) $(B)/gen/field_releases.c) \
           $(if $(filter diag,$(ROOMS)),$(B)/gen/check_examples.c) \
           $(if $(filter drawing,$(ROOMS)),$(B)/gen/page_files.c)
OBJ     := $(SRC:src/%.c=$(B)/%.o)
GEN_OBJ := $(GEN_C:.c=.o)
UNIT    := $(sort $(wildcard tests/unit/test_$(T).c))
UNIT_BIN := $(UNIT:tests/unit/%.c=$(B)/unit/%)
FUZZ    := $(sort $(wildcard tests/fuzz/fuzz_*.c))

all: $(if $(READY),,unready) $(B)/pachup $(if $(filter build/dev,$(B)),build/pachup) ## the dynamic binary for development: build/pachup

build/pachup: $(B)/pachup
	$(Q)mkdir -p $(@D) && cp $< $@

$(B)/pachup: $(B)/main.o $(B)/libpachup.a
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/libpachup.a: $(OBJ) $(GEN_OBJ)
	$(call say,AR,$@)rm -f $@ && $(AR) rcsD $@ $^

$(OBJ) $(B)/main.o: $(B)/%.o: src/%.c | $(GEN_C)
	$(call say,CC,$<)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

$(OBJ) $(GEN_OBJ) $(B)/main.o: $(if $(filter static,$(MODE)),$(wildcard $(STATIC)/stamp))

# generated code: never edited, never committed, compiled without our warnings
$(B)/gen/%.pb-c.c: src/wire/proto/%.proto
	$(Q)mkdir -p $(@D) && protoc-c -Isrc/wire/proto --c_out=$(B)/gen $<

$(B)/gen/google/protobuf/%.pb-c.c: /usr/include/google/protobuf/%.proto
	$(Q)mkdir -p $(@D) && protoc-c -I/usr/include --c_out=$(B)/gen $<

$(B)/gen/field_releases.c: src/wire/field_releases.awk $(PROTO)
	$(Q)mkdir -p $(@D) && LC_ALL=C awk -f src/wire/field_releases.awk $(PROTO) >$@.new && mv $@.new $@

$(B)/gen/check_examples.c: src/diag/check_examples.awk src/diag/check_examples.txt
	$(Q)mkdir -p $(@D) && LC_ALL=C awk -f $^ >$@.new && mv $@.new $@

$(B)/gen/page_files.c: src/drawing/embed.awk src/drawing/page.css src/drawing/page.js
	$(Q)mkdir -p $(@D) && LC_ALL=C awk -f $^ >$@.new && mv $@.new $@

$(GEN_OBJ): %.o: %.c | $(GEN_C)
	$(call say,CC,$<)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -w -MMD -MP -c -o $@ $<

$(B)/unit/%: tests/unit/%.c tests/unit/tap.h $(B)/libpachup.a
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(WARN) -o $@ $< $(B)/libpachup.a $(LDFLAGS) $(LDLIBS)

# the same targets twice: with libFuzzer, and with a main that replays the corpora
$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(B)/libpachup.a
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer -o $@ $< $(B)/libpachup.a $(LDFLAGS) $(LDLIBS)

$(B)/corpus/%: tests/fuzz/%.c tests/fuzz/fuzz.h tests/fuzz/run_corpus.c $(B)/libpachup.a
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< tests/fuzz/run_corpus.c $(B)/libpachup.a $(LDFLAGS) $(LDLIBS)

unit: $(if $(READY),,unready) $(UNIT_BIN) ## the unit tests, in C; T=cron runs tests/unit/test_cron.c alone
	$(Q)$(if $(UNIT_BIN),,$(error no unit test 'tests/unit/test_$(T).c'))sh tests/unit/run.sh $(UNIT_BIN)

cases: all ## the cases: the program against the stand-in pachd; CASES='-k token' runs some
	$(Q)PACHUP=$(B)/pachup $(PYTHON) tests/cases.py -j $(CASE_JOBS) $(CASES)

corpus: $(if $(READY),,unready) $(FUZZ:tests/fuzz/%.c=$(B)/corpus/%) ## replays the fuzz corpora, without a fuzzer
	$(Q)sh tests/fuzz/run_corpus.sh $(FUZZ:tests/fuzz/%.c=$(B)/corpus/%)

fuzz-all: $(FUZZ:tests/fuzz/%.c=$(B)/fuzz/%)
	$(Q)sh tests/fuzz/run_fuzz.sh $(FUZZ_SECONDS) $^

# What follows installs what it needs, so it starts make again: pkg-config was asked before.
test: ## unit tests, cases, documents, light lint
	$(Q).ci/deps test && MAKE='$(MAKE)' sh tests/all.sh test

ci: ## everything that CI proves: make test, then sanitizers, corpora, chaos, conformance, other environments
	$(Q).ci/deps test ci && MAKE='$(MAKE)' sh tests/all.sh test rest

update: all ## makes again what is made from the program's tables: pages, action.yml, task.json, cases of help
	$(Q)for page in ladder inputs checks command_line; do sh tests/lint/$$page.sh --update || exit; done && \
	    $(PYTHON) tests/lint/task.py --update && PACHUP=$(B)/pachup $(PYTHON) tests/cases.py --update -k help/

lint: ## all checks on the source itself
	$(Q).ci/deps lint && $(MAKE) --no-print-directory all && sh tests/lint/run.sh full

asan: ## unit tests, cases and corpora under AddressSanitizer and UBSan
	$(Q).ci/deps test asan && $(MAKE) --no-print-directory MODE=asan unit cases corpus

hostile: all $(B)/unit/test_fence $(B)/unit/test_unpack $(B)/unit/test_dotgit $(B)/unit/test_tar $(B)/unit/test_markdown $(B)/unit/test_trust $(B)/unit/test_audience $(B)/unit/test_channel $(B)/unit/test_flight ## swapped files, hostile tars and names, lying servers, signals; under 10 minutes
	$(Q)PYTHON=$(PYTHON) sh tests/hostile/run.sh $(B)

chaos: ## pushes that are killed, cut off and disturbed at every point, on every generation; under 30 minutes
	$(Q).ci/deps test && $(MAKE) --no-print-directory all && $(PYTHON) tests/chaos/chaos.py && $(PYTHON) tests/chaos/previews.py

conformance: ## the promises against a pachd that you own: CLUSTER=ADDRESS [TOKEN_FILE=F] [NAMES=PREFIX] [TRIALS=20]
	$(Q).ci/deps test && $(MAKE) --no-print-directory all && PACHUP=$(B)/pachup $(PYTHON) tests/conformance/conformance.py \
	    $(CLUSTER) $(if $(TOKEN_FILE),--token-file '$(TOKEN_FILE)') $(if $(NAMES),--prefix '$(NAMES)') \
	    $(if $(TRIALS),--trials '$(TRIALS)') $(CONFORMANCE)

valgrind: ## unit tests and cases under valgrind
	$(Q).ci/deps test valgrind && $(MAKE) --no-print-directory unit cases \
	    CASES="--valgrind -j $$(getconf _NPROCESSORS_ONLN)" \
	    WRAP='env SLOW=1 valgrind -q --error-exitcode=9 --leak-check=full --suppressions=tests/harness/valgrind.supp'

fuzz: ## every fuzz target for FUZZ_SECONDS (60) each
	$(Q).ci/deps fuzz && $(MAKE) --no-print-directory MODE=fuzz fuzz-all

cover: ## which lines the unit tests and cases reach: build/cover/index.html
	$(Q).ci/deps test cover && $(MAKE) --no-print-directory MODE=cover unit cases
	$(Q)gcovr --root . --filter src/ --object-directory build/cover --html-details build/cover/index.html --print-summary

static: ## the static binary that is shipped: build/static/pachup; ARCH=aarch64 for another processor
	$(Q).ci/deps static $(if $(filter 1,$(PREBUILT)),prebuilt) $(if $(CROSS),cross-$(ARCH)) && CC='$(or $(CROSS:%=%gcc),cc)' .ci/static-libs $(STATIC) && \
	    $(MAKE) --no-print-directory MODE=static ARCH=$(ARCH) all

bench: static ## the figures that the program must reach
	$(Q).ci/deps bench && $(PYTHON) tests/bench/bench.py

# What a release hands out is named after Debian's names of the processors.
VERSION = $(shell sed -n 's/^\#define PACHUP_VERSION "\(.*\)"/\1/p' src/base/version.h)
DEB_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,amd64,$(ARCH)))

image: static ## an image of the static binary: build/image/pachup.tar, and pachup:VERSION in Docker or podman where one runs
	$(Q).ci/deps dist && .ci/image build/image/pachup.tar '$(VERSION)' $(DEB_ARCH)=$(STATIC:/lib=/pachup)

deb: static $(if $(CROSS),all) ## a Debian package of the static binary: build/deb/
	$(Q).ci/deps dist && .ci/docs $(if $(CROSS),build/pachup,$(STATIC:/lib=/pachup)) build/deb && \
	    .ci/deb $(STATIC:/lib=/pachup) $(DEB_ARCH) '$(VERSION)' build/deb build/deb

dist: ## all that a release hands out, for both processors: build/dist/
	$(Q)for arch in x86_64 aarch64; do $(MAKE) --no-print-directory static ARCH=$$arch || exit; done
	$(Q).ci/deps dist azure && .ci/dist build/dist '$(VERSION)'

deps-check: ## whether Debian has newer versions of what the static binary is made of
	$(Q)mkdir -p build/sources && .ci/static/check build/sources/lists

test-artefact: ## the static binary: how it is hardened, what it needs of a machine, and that it is small
	$(Q)sh tests/artefact.sh

azure: static ## the Azure DevOps extension, with tfx from npm: build/azure/*.vsix; PUBLISHER=NAME makes it yours and private; BINARIES=DIR packs a release's
	$(Q).ci/deps azure && PUBLISHER='$(PUBLISHER)' sh action/azure/package.sh $(or $(BINARIES),$(STATIC:/lib=/pachup))

proof: all ## summaries drawn in a browser, pages and pictures in build/proof; wants chromium, node and npm
	$(Q).ci/deps proof && .ci/npm/install && PACHUP=$(B)/pachup $(PYTHON) tests/proof/proof.py

task: all ## the cases as a GitHub action and as an Azure task, which must come to the same
	$(Q)PACHUP=$(B)/pachup $(PYTHON) tests/task.py -j $(CASE_JOBS) $(CASES)

test-image: ## the Docker image, built by a real engine and run as a GitHub runner runs it
	$(Q)sh tests/image.sh

test-release: ## a rehearsal of the release workflow, offline, with a registry and a repository of its own
	$(Q)sh tests/release.sh

demo: ## a sample repository and a stand-in pachd: pushes, a plan, and the way back
	$(Q)DEPS_LOG=build/deps.log .ci/deps demo && $(MAKE) --no-print-directory -j$$(getconf _NPROCESSORS_ONLN) all && sh tests/demo/run.sh

INSTALL := $(firstword $(wildcard build/static/pachup build/pachup))
BINDIR  := $(DESTDIR)$(PREFIX)/bin
SHARE   := $(DESTDIR)$(PREFIX)/share
COMPLETIONS := bash-completion/completions/pachup zsh/site-functions/_pachup fish/vendor_completions.d/pachup.fish

# Builds nothing and writes nothing here: `sudo make install` would leave files that the user cannot remove.
install: ## what `make static` or `make` has built, the static binary first; with manual pages and completions. PREFIX (/usr/local), DESTDIR
	$(Q)$(if $(INSTALL),,$(error nothing is built: run make static, or make, first))docs=$$(mktemp -d) && trap 'rm -rf "$$docs"' EXIT && \
	.ci/docs $(INSTALL) "$$docs" && \
	printf '  %-8s %s\n' INSTALL '$(BINDIR)/pachup' INSTALL '$(SHARE)/man/man1' && \
	install -D -m 755 $(INSTALL) '$(BINDIR)/pachup' && \
	mkdir -p '$(SHARE)/man/man1' && install -m 644 "$$docs"/man/*.1 '$(SHARE)/man/man1' && \
	set -- "$$docs/completions/pachup.bash" "$$docs/completions/_pachup" "$$docs/completions/pachup.fish" && \
	for place in $(COMPLETIONS); do install -D -m 644 "$$1" '$(SHARE)'/$$place && shift || exit; done

uninstall: ## removes what `make install` put there, with the same PREFIX and DESTDIR
	$(call say,REMOVE,$(BINDIR)/pachup)rm -f '$(BINDIR)/pachup' '$(SHARE)'/man/man1/pachup.1 \
	    '$(SHARE)'/man/man1/pachup-*.1 $(COMPLETIONS:%='$(SHARE)'/%)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | sort | expand -t 16

clean: ## removes build/
	rm -rf build

unready:
	@echo 'make: libraries or protoc-c are missing; install them with: .ci/deps build' >&2; exit 1

export WRAP
.PHONY: all unit cases corpus fuzz-all test ci update chaos hostile conformance lint asan valgrind fuzz cover static bench azure proof task image deb dist deps-check test-artefact test-image \
        test-release demo install uninstall help clean unready
.SECONDARY:
-include $(wildcard $(patsubst %.o,%.d,$(OBJ) $(GEN_OBJ) $(B)/main.o))
