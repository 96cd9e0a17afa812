/*
 * serve - the running server: where the network and the site meet.
 *
 *	serve.c          options, start and end; the main thread waits for signals
 *	serve_listen.c   sockets, certificates, public addresses
 *	serve_handler.c  a request's bytes -> wire -> site -> an answer's bytes, in the workers
 *	serve_ahead.c    pages that are made before somebody asks, by idle workers
 *	serve_reload.c   a thread that follows the folders and publishes new editions
 *	serve_confine.c  root, files and calls that are given up; where the search keeps its index
 *	serve_search.c   a thread that indexes the words of new editions
 *	edition.c        what is published
 *	access_log.c, response_cache.c   what their names say
 *
 * Everything that requests are answered from is one immutable `struct edition`. A change makes a
 * new edition; each worker is told to take it and lets its own go, so that nothing is shared that
 * changes, and a request sees either the old capsule or the new one.
 */
#ifndef COMMAND_SERVE_H
#define COMMAND_SERVE_H

#include <stdatomic.h>

#include "base/arena.h"
#include "command/access_log.h"
#include "command/response_cache.h"
#include "content/loader.h"
#include "content/search.h"
#include "net/workers.h"
#include "site/site.h"

/* Settings outlive the editions that were made with them. */
struct shared_settings {
	struct settings *settings;
	_Atomic unsigned holders;
};

struct shared_settings *shared_settings_hold(struct shared_settings *);
void shared_settings_release(struct shared_settings *);

/* What all capsules look like at one moment. */
struct edition {
	struct server *server;
	_Atomic unsigned holders;
	struct edition_capsule {
		struct shared_settings *settings;
		struct catalogue *catalogue;
	} * capsules; /* as many as server.ncapsules */
	unsigned ncapsules;
};

/* Takes a reference of its own of all that it holds. */
struct edition *edition_new(struct server *, const struct edition_capsule *);
struct edition *edition_hold(struct edition *);
void edition_release(struct edition *);

/* What one worker thread has for itself. */
struct worker {
	struct server *server;
	unsigned number;
	struct edition *edition;
	struct response_cache cache;
	struct arena arena;               /* of the request in hand */
	struct delivery *free_deliveries; /* see serve_handler.c */
	atomic_ullong nasked;             /* requests so far; written by this worker alone */
	struct ahead {
		size_t left;               /* bytes that may still be made */
		uint32_t next;             /* 0 = the home page, then posts, newest first */
		unsigned capsule;          /* whose turn it is */
		unsigned long long nasked; /* at the last look */
	} ahead;                           /* see serve_ahead.c */
};

struct serve_socket {
	enum listener_kind kind;
	unsigned capsule;   /* whose settings asked for it; in Gopher: who answers */
	unsigned port;      /* bound */
	struct str wanted;  /* as the settings name it */
	struct str address; /* as it is bound */
};

/* What stays of a capsule while its editions come and go. */
struct serve_capsule {
	const char *config; /* its settings; NULL = in the default places */
	struct access_log *log;
	struct search *search;
	const struct serve_socket *public[2]; /* by listener_kind; NULL = not served */
};

/* What the command line puts in the place of settings. */
struct serve_overrides {
	const char *gemini, *gopher, *content, *certificates, *host;
	bool drafts;
};

struct server {
	struct serve_overrides overrides;
	struct serve_capsule *capsules;
	unsigned ncapsules, nworkers;
	struct serve_socket *sockets;
	size_t nsockets;
	struct worker *worker; /* nworkers */
	struct workers *workers;
	struct reloader *reloader;
	struct indexer *indexer;
	struct arena arena;     /* as long as the server */
	struct arena tls_arena; /* file names of the certificates in use */
};

/* serve.c */

int64_t serve_milliseconds(void); /* of a clock that nobody sets */

/* serve_listen.c */

/* Settings of one capsule with the command line's word over them. */
struct shared_settings *serve_settings(const struct server *, unsigned capsule, struct fault *);

/* The listening sockets that all settings ask for; fills server->sockets. */
struct listener **serve_listeners(struct server *, struct shared_settings *const *, struct fault *);

/* Says in the settings where the capsule is reached: public names and ports. */
void serve_place(const struct server *, unsigned capsule, struct settings *);

/* Certificates of all hosts of all capsules, made when `make` and missing. */
struct tls *serve_tls(struct server *, struct shared_settings *const *, bool make, struct fault *);

/* What the files of all pairs are now: another number, other files. */
uint64_t serve_pairs_state(struct shared_settings *const *, unsigned ncapsules);

/* serve_confine.c: becomes the settings' `user`, false when that fails. After the sockets. */
bool serve_drop_root(const struct server *, struct shared_settings *const *, struct fault *);

/* Opens the search of a capsule with this many posts; it stays NULL when it is off. */
bool serve_open_search(struct server *, unsigned capsule, const struct settings *, unsigned nposts,
		       struct fault *);

/* Gives up all files, calls and privileges that serving does not need. Before any thread starts. */
void serve_confine(struct server *, struct shared_settings *const *);

/* The public port of a capsule on a socket. */
unsigned serve_public_port(const struct settings *, const struct serve_socket *);

/* Whether a capsule is served there. */
bool serve_socket_is_of(const struct serve_socket *, unsigned capsule, const struct settings *);

/* serve_handler.c */

exchange_handler serve_answer;

/* The worker's thread takes this edition (with one reference, given to it) and drops its own. */
void serve_take_edition(struct worker *, struct edition *);
void serve_free_worker(struct worker *);

/* Makes the answer to this line (its end included), which came to nobody, and keeps it. */
void serve_keep_gemini(struct worker *, const struct serve_socket *, struct str line);

/* serve_ahead.c */

void serve_begin_ahead(struct worker *); /* from the beginning: there is a new edition */
workers_chore serve_ahead;

/* serve_reload.c */

/*
 * The first edition: loads all capsules; faults of posts are reported on stderr. NULL and a fault
 * when a capsule's content cannot be read. The reloader is not running yet.
 */
struct edition *reloader_first(struct server *, struct shared_settings *const *, struct fault *);

/* Follows the folders in a thread of its own, from now on. */
bool reloader_start(struct server *, struct fault *);
void reloader_refresh(struct reloader *); /* settings, certificates and posts anew (SIGHUP) */
void reloader_stop(struct reloader *);    /* waits for its thread and frees it; NULL is fine */

/* serve_search.c */

bool indexer_start(struct server *, struct fault *); /* fills server->indexer */
void indexer_want(struct indexer *, struct edition *);
void indexer_stop(struct indexer *); /* gives up what it does and waits; NULL is fine */

#endif
