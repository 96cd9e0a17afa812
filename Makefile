# Perigee: make | make serve | make check | make install | make clean  (make help lists all)

CC = gcc
BUILD = build
SAN =
PREFIX = /usr/local
DESTDIR =

# Everything that is needed, as Debian calls it: to build, to check, to try real clients.
PACKAGES = gcc libc6-dev make pkg-config libssl-dev libevent-dev libyaml-dev libmd4c-dev libutf8proc-dev \
	libidn2-dev libseccomp-dev libsystemd-dev libsqlite3-dev
PACKAGES_CHECK = clang clang-format clang-tidy libclang-rt-14-dev libcmocka-dev mandoc python3 \
	openssl git gophernicus molly-brown
PACKAGES_SOAK = $(PACKAGES_CHECK) valgrind libc6-dbg
PACKAGES_BENCH = libmd4c-html0-dev lowdown molly-brown python3 util-linux
PACKAGES_CLIENTS = amfora bombadillo elpa-elpher emacs-nox kristall sacc lynx curl lowdown tmux python3 \
	xvfb xdotool xclip imagemagick fonts-dejavu-core fonts-noto-cjk

LIBS = libssl libcrypto libevent_core libevent_pthreads yaml-0.1 md4c libutf8proc libidn2 \
	libseccomp sqlite3

OPT = -O2 -g
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wpointer-arith $(if $(CI),-Werror)
SAN_FLAGS = $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all $(SAN_EXCEPT) -fno-omit-frame-pointer)
CFLAGS = $(OPT) $(SAN_FLAGS)
# Asked once, and only when something is compiled: a fresh machine has no pkg-config yet.
LIBS_CFLAGS = $(eval LIBS_CFLAGS := $$(call pkg_config,--cflags))$(LIBS_CFLAGS)
LIBS_LINK = $(eval LIBS_LINK := $$(call pkg_config,--libs) -lm)$(LIBS_LINK)
pkg_config = $(or $(shell pkg-config $(1) $(LIBS) && echo ' '),$(error libraries are missing: run "make deps"))
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Isrc -pthread $(WARN) $(LIBS_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pthread -Wl,--as-needed $(SAN_FLAGS) $(LDFLAGS)

SOURCES := $(filter-out src/main.c,$(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
UNITS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*_test.c))
FUZZERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
FORMATTED = $(wildcard src/*.c src/*/*.[ch] tests/*/*.[ch])

all: $(BUILD)/perigee ## build/perigee, the program

$(BUILD)/perigee: $(BUILD)/src/main.o $(BUILD)/libperigee.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_LINK)

# Made anew each time it changes: an archive never forgets a member by itself.
$(BUILD)/libperigee.a: $(OBJECTS)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%_test: $(BUILD)/tests/unit/%_test.o $(BUILD)/libperigee.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBS_LINK)

$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(BUILD)/libperigee.a
	$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS_LINK)

serve: deps ## install what is missing, build, serve the example capsule
	@$(MAKE) --no-print-directory -s all
	@exec $(BUILD)/perigee serve -c capsule/capsule.yaml

check: deps-check ## all tests; ends with "N passed, N failed"
	@tests/check

units: $(UNITS) ## the unit tests of this BUILD only
	@for unit in $(UNITS); do $$unit || exit 1; done

unit-programs: $(UNITS)

bless: $(BUILD)/tests/unit/golden_test ## write tests/golden/*.gmi and *.txt anew from what the program makes
	@$(BUILD)/tests/unit/golden_test --bless; git diff --stat tests/golden

# One build serves libFuzzer, ASan and UBSan, in clang: `make check` makes the same one. To clang an
# empty slice's NULL + 0 is an overflow; newer C defines it, and gcc's UBSan lets it pass.
INSTRUMENTED = CC=clang BUILD=build/asan SAN=fuzzer-no-link,address,undefined OPT="-O1 -g" \
	SAN_EXCEPT=-fno-sanitize=pointer-overflow
instrumented:
	@$(MAKE) --no-print-directory $(INSTRUMENTED) CI=$(CI) all unit-programs fuzz-programs

fuzz-programs: $(FUZZERS)

T = 60
fuzz: deps-check instrumented ## every fuzzer for T seconds (make fuzz T=600)
	@tests/fuzz/run $(T)

# What threads share, under ThreadSanitizer.
threaded:
	@$(MAKE) --no-print-directory BUILD=build/tsan SAN=thread OPT="-O1 -g" CI=$(CI) all unit-programs

bench: deps-bench all bench-programs ## beside the bare loop and the peers (ARGS="--quick --only gemini")
	@tests/bench/bench.py --program $(BUILD)/perigee --tools $(BUILD)/bench $(ARGS)

bench-programs: $(addprefix $(BUILD)/bench/,smolload minserver tlsfloor render_bench search_bench)

$(BUILD)/bench/smolload: $(BUILD)/tests/bench/smolload_connections.o

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libperigee.a
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lmd4c-html $(LIBS_LINK)

soak: deps-soak all ## ten minutes of everything at once (T=600)
	@tests/faults/faults.py $(BUILD)/perigee
	@tests/faults/valgrind.sh $(BUILD)/perigee
	@tests/faults/soak.py $(BUILD)/perigee $(if $(filter command line,$(origin T)),$(T),600)

clients: deps-clients all ## amfora, bombadillo, elpher, kristall, sacc, lynx and curl read the example capsule
	@tests/clients/run $(BUILD)/perigee $(BUILD)/clients

comparison: deps-clients all ## draw the pictures of docs/comparison.md anew
	@tests/clients/compare $(BUILD)/perigee docs/comparison.md

format: ## lay out the sources
	clang-format -i $(FORMATTED)

format-check:
	@clang-format --dry-run -Werror $(FORMATTED)

lint: ## clang-tidy over the sources
	@printf '%s\n' $(SOURCES) src/main.c | xargs -P 2 -n 8 \
	    sh -c 'clang-tidy --quiet "$$@" -- $(filter-out -W%,$(ALL_CFLAGS)) 2>/dev/null' tidy

deps: ## install the Debian packages that are missing
	@$(call install_packages,$(PACKAGES))

deps-check:
	@$(call install_packages,$(PACKAGES) $(PACKAGES_CHECK))

deps-soak:
	@$(call install_packages,$(PACKAGES) $(PACKAGES_SOAK))

deps-bench:
	@$(call install_packages,$(PACKAGES) $(PACKAGES_BENCH))

deps-clients:
	@$(call install_packages,$(PACKAGES) $(PACKAGES_CLIENTS))

# Quick and silent when nothing is missing; asks for root only to install. Where there is no
# dpkg (another system), the libraries are the user's business and pkg-config finds them.
install_packages = command -v dpkg-query >/dev/null || exit 0; \
	missing=; for package in $(1); do \
	    dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || \
	        missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	echo "installing:$$missing" >&2; \
	root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	install="$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing"; \
	$$install >&2 || { $$root apt-get update -q >&2 && $$install >&2; }

install: all ## program, man pages, systemd unit, example capsule (DESTDIR, PREFIX)
	install -D -m 755 $(BUILD)/perigee $(DESTDIR)$(PREFIX)/bin/perigee
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/*.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 docs/*.5
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local|$(PREFIX)|' docs/perigee.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/perigee.service
	for file in $$(find capsule content -type f); do \
	    install -D -m 644 $$file $(DESTDIR)$(PREFIX)/share/perigee/$$file || exit 1; \
	done

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 18

.PHONY: all serve check units unit-programs bless instrumented fuzz-programs fuzz threaded \
	bench bench-programs soak clients comparison format format-check lint \
	deps deps-check deps-soak deps-bench deps-clients install clean help
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
