# Perigee: make | make serve | make check | make install | make clean  (make help lists all)

CC = gcc
BUILD = build
SAN =
OPT = -O2 -g
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wpointer-arith $(if $(CI),-Werror)
LIBS = libssl libcrypto libevent_core libevent_pthreads yaml-0.1 md4c libutf8proc libidn2
CFLAGS = $(OPT) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Isrc -pthread $(WARN) $(shell pkg-config --cflags $(LIBS)) $(CFLAGS)
ALL_LDFLAGS = -pthread $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
ALL_LIBS = $(shell pkg-config --libs $(LIBS))

SOURCES := $(filter-out src/main.c,$(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
UNITS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*_test.c))

all: $(BUILD)/perigee

$(BUILD)/perigee: $(BUILD)/src/main.o $(BUILD)/libperigee.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/libperigee.a: $(OBJECTS)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%_test: $(BUILD)/tests/unit/%_test.o $(BUILD)/libperigee.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(ALL_LIBS)

units: $(UNITS)
	@for unit in $(UNITS); do $$unit || exit 1; done

format:
	clang-format -i $(wildcard src/*.c src/*/*.[ch] tests/*/*.[ch])

clean:
	rm -rf $(BUILD)

.PHONY: all units format clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
