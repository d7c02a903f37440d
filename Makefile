# pachup: one static binary from src/, its tests from tests/. `make help` lists the targets.
# Variables: V=1 shows commands; B=DIR builds elsewhere; ROOMS="base spec" builds only these rooms.

V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)
VERSION := $(shell sed -n 's/^\#define PACHUP_VERSION "\(.*\)"/\1/p' src/cmd/version.h 2>/dev/null)
B       ?= build/dev
ROOMS   ?= base secret files format git spec net pachd ci cmd
PKGS    := libcurl libcjson libgit2 libsodium libprotobuf-c yaml-0.1
ARCH    := $(shell uname -m)

CC      ?= cc
OPT     ?= -O2
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wold-style-definition -Wconversion -Wwrite-strings -Wcast-qual -Wformat=2 \
           -Wswitch-enum -Wundef -Wvla -Wpointer-arith -Werror
HARDEN  := -fno-common -fPIE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
           $(if $(filter x86_64,$(ARCH)),-fcf-protection) $(if $(filter aarch64,$(ARCH)),-mbranch-protection=standard)
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -Isrc -I$(B)/gen $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS   ?= -std=c11 $(OPT) -g $(HARDEN) -ffile-prefix-map=$(CURDIR)=.
LDFLAGS  ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack
LDLIBS   ?= $(shell pkg-config --libs $(PKGS) 2>/dev/null)

SRC     := $(sort $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c)))
PROTO   := $(sort $(wildcard src/pachd/proto/*.proto))
GOOGLE  := duration timestamp wrappers
GEN_C   := $(if $(filter pachd,$(ROOMS)),$(PROTO:src/pachd/proto/%.proto=$(B)/gen/%.pb-c.c) \
           $(GOOGLE:%=$(B)/gen/google/protobuf/%.pb-c.c) $(B)/gen/since.c)
OBJ     := $(SRC:src/%.c=$(B)/%.o)
GEN_OBJ := $(GEN_C:.c=.o)
UNIT    := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT:tests/unit/%.c=$(B)/unit/%)

all: build/pachup ## the dynamic binary for development: build/pachup

build/pachup: $(B)/pachup
	$(Q)mkdir -p $(@D) && cp $< $@

$(B)/pachup: $(B)/main.o $(B)/libpachup.a
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/libpachup.a: $(OBJ) $(GEN_OBJ)
	$(Q)rm -f $@ && ar rcsD $@ $^

$(OBJ) $(B)/main.o: $(B)/%.o: src/%.c | $(GEN_C)
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -MMD -MP -c -o $@ $<

# generated code: never edited, never committed, compiled without our warnings
$(B)/gen/%.pb-c.c: src/pachd/proto/%.proto
	$(Q)mkdir -p $(@D) && protoc-c -Isrc/pachd/proto --c_out=$(B)/gen $<

$(B)/gen/google/protobuf/%.pb-c.c: /usr/include/google/protobuf/%.proto
	$(Q)mkdir -p $(@D) && protoc-c -I/usr/include --c_out=$(B)/gen $<

$(B)/gen/since.c: src/pachd/since.awk $(PROTO)
	$(Q)mkdir -p $(@D) && LC_ALL=C awk -f src/pachd/since.awk $(PROTO) >$@.new && mv $@.new $@

$(GEN_OBJ): %.o: %.c | $(GEN_C)
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -w -MMD -MP -c -o $@ $<

$(B)/unit/%: tests/unit/%.c tests/unit/tap.h $(B)/libpachup.a
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(WARN) -o $@ $< $(B)/libpachup.a $(LDFLAGS) $(LDLIBS)

unit: $(UNIT_BIN) ## the unit tests, in C
	$(Q)sh tests/unit/run.sh $(UNIT_BIN)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort

clean: ## removes build/
	rm -rf build

.PHONY: all unit help clean
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
