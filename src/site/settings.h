/*
 * settings - capsule.yaml, read and checked (see capsule.yaml(5)).
 *
 *	struct settings *settings = settings_read(STR("capsule/capsule.yaml"), &fault);
 *	if (settings == NULL)
 *		...                         // "capsule.yaml:12:3: unknown key ..."
 */
#ifndef SITE_SETTINGS_H
#define SITE_SETTINGS_H

#include "base/arena.h"
#include "base/fault.h"
#include "render/style.h"

/* Where the index of the search is: `auto` takes a file for large capsules. */
enum search_index { SEARCH_AUTO, SEARCH_MEMORY, SEARCH_FILE, SEARCH_OFF };

enum log_addresses { ADDRESSES_FULL, ADDRESSES_SHORT, ADDRESSES_NONE };

/* One space's sockets. */
struct listen_settings {
	bool off;
	const struct str *addresses; /* "ADDR:PORT", IPv6 in brackets */
	size_t naddresses;
	struct str host;      /* public name (Gopher); empty = the first of hosts */
	unsigned public_port; /* 0 = the bound one */
};

struct limit_settings {
	unsigned connections, per_address; /* 0 = no limit, for all of these */
	unsigned handshake_s, request_s, response_s;
	size_t post_bytes, cache_bytes;
};

struct settings {
	struct arena arena;
	struct str file; /* as given on the command line */
	struct str title, description, language;
	struct str author_name, author_email, author_uri;
	const struct str *hosts; /* A-labels; the first is the canonical one */
	size_t nhosts;
	struct str content, pages, certificates; /* folders, resolved against the file's */
	unsigned content_line, content_column;   /* where the file names it; 0 = not there */
	unsigned posts_per_page;
	bool math;
	struct math_macros *macros;
	struct style style; /* all that writers need, the default language's labels among it */
	const struct str *label_names,
	    *label_words; /* what `labels:` replaces, for other languages */
	size_t nlabels;
	struct listen_settings gemini, gopher;
	struct limit_settings limits;
	struct str access_log; /* "stderr", "off" or a file, resolved */
	enum log_addresses log_addresses;
	struct str cache; /* folder of what can be made again; need not exist */
	enum search_index search;
	struct str user; /* to become after start as root; empty = stay */
};

/* NULL and a fault with line and column for anything that is not as capsule.yaml(5) says. */
struct settings *settings_read(struct str path, struct fault *);

/* The settings of a capsule that has no file: what `perigee render` works with. */
struct settings *settings_default(void);
void settings_free(struct settings *);

/* The words of a language with this capsule's replacements. */
void settings_labels(const struct settings *, struct str lang, struct labels *);

#endif
