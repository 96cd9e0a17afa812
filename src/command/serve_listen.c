#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/serve.h"
#include "net/certificate.h"
#include "wire/gemini.h"
#include "wire/gopher.h"

/* A certificate this near to its end is worth a word (days). */
#define NEAR_END 30

/* One address, or `off`, in the place of what the settings say. */
static void override_listen(struct settings *settings, struct listen_settings *listen,
			    const char *given)
{
	if (given == NULL)
		return;
	struct str *address = ARENA_NEW(&settings->arena, struct str);
	*address = str_from(given);
	listen->off = strcmp(given, "off") == 0;
	listen->addresses = address;
	listen->naddresses = 1;
}

static void override(struct settings *settings, const struct serve_overrides *overrides)
{
	override_listen(settings, &settings->gemini, overrides->gemini);
	override_listen(settings, &settings->gopher, overrides->gopher);
	if (overrides->content != NULL) {
		settings->content = str_from(overrides->content);
		settings->content_line = settings->content_column = 0;
	}
	if (overrides->certificates != NULL)
		settings->certificates = str_from(overrides->certificates);
	if (overrides->host != NULL) {
		struct str *host = ARENA_NEW(&settings->arena, struct str);
		*host = settings->gopher.host = str_from(overrides->host);
		settings->hosts = host;
		settings->nhosts = 1;
	}
}

struct shared_settings *serve_settings(const struct server *server, unsigned capsule,
				       struct fault *fault)
{
	struct settings *settings = command_read_settings(server->capsules[capsule].config, fault);
	if (settings == NULL)
		return NULL;
	override(settings, &server->overrides);
	struct shared_settings *shared = memory_new(sizeof(*shared));
	shared->settings = settings;
	shared->holders = 1;
	return shared;
}

unsigned serve_public_port(const struct settings *settings, const struct serve_socket *socket)
{
	const struct listen_settings *listen =
	    socket->kind == LISTENER_GEMINI ? &settings->gemini : &settings->gopher;
	return listen->public_port != 0 ? listen->public_port : socket->port;
}

bool serve_socket_is_of(const struct serve_socket *socket, unsigned capsule,
			const struct settings *settings)
{
	if (socket->kind == LISTENER_GOPHER)
		return socket->capsule == capsule;
	for (size_t i = 0; i < settings->gemini.naddresses && !settings->gemini.off; i++)
		if (str_equal(settings->gemini.addresses[i], socket->wanted))
			return true;
	return false;
}

/* The first socket of a space is the one that links name. */
static void choose_public(struct server *server, struct shared_settings *const *all)
{
	for (unsigned i = 0; i < server->ncapsules; i++) {
		struct serve_capsule *capsule = &server->capsules[i];
		for (size_t j = server->nsockets; j-- > 0;) {
			const struct serve_socket *socket = &server->sockets[j];
			if (serve_socket_is_of(socket, i, all[i]->settings))
				capsule->public[socket->kind] = socket;
		}
	}
}

void serve_place(const struct server *server, unsigned capsule, struct settings *settings)
{
	const struct serve_socket *const *public = server->capsules[capsule].public;
	const struct serve_socket *gemini = public[LISTENER_GEMINI],
				  *gopher = public[LISTENER_GOPHER];
	struct place *place = &settings->style.place;
	place->gemini_host = settings->hosts[0];
	place->gopher_host = settings->gopher.host;
	place->has_gemini = gemini != NULL;
	place->has_gopher = gopher != NULL;
	if (gemini != NULL)
		place->gemini_port = serve_public_port(settings, gemini);
	if (gopher != NULL)
		place->gopher_port = serve_public_port(settings, gopher);
}

static const struct listener_settings listener_kinds[] = {
	[LISTENER_GEMINI] = { .kind = LISTENER_GEMINI,
			      .request_max = GEMINI_MAX_URI + 2,
			      .busy = STR_INIT("41 Too many connections, try again soon\r\n"),
			      .slow_down = STR_INIT("44 10\r\n") },
	[LISTENER_GOPHER] = { .kind = LISTENER_GOPHER,
			      .request_max = GOPHER_MAX_HTTP,
			      .busy = STR_INIT("3Too many connections, try again soon\t\t"
					       "error.host\t1\r\n.\r\n"),
			      .slow_down = STR_INIT("3Too many connections from your address\t\t"
						    "error.host\t1\r\n.\r\n") },
};

/* Growing lists of both forms of one socket. */
struct sockets {
	struct server *server;
	struct listener **listeners;
	size_t listeners_capacity, sockets_capacity;
};

static bool open_socket(struct sockets *sockets, enum listener_kind kind, unsigned capsule,
			struct str address, struct fault *fault)
{
	struct listener_settings settings = listener_kinds[kind];
	settings.address = address;
	struct listener *listener = listener_open(&settings, fault);
	if (listener == NULL)
		return false;
	struct server *server = sockets->server;
	sockets->listeners = memory_grow(sockets->listeners, server->nsockets,
					 &sockets->listeners_capacity, sizeof(struct listener *));
	server->sockets = memory_grow(server->sockets, server->nsockets, &sockets->sockets_capacity,
				      sizeof(*server->sockets));
	sockets->listeners[server->nsockets] = listener;
	server->sockets[server->nsockets++] = (struct serve_socket){
		.kind = kind,
		.capsule = capsule,
		.wanted = arena_str(&server->arena, address),
		.port = listener_port(listener),
		.address = listener_address(listener),
	};
	return true;
}

/* Capsules share a Gemini address that both name: the request says whose it is. */
static bool is_open(const struct server *server, struct str address)
{
	for (size_t i = 0; i < server->nsockets; i++)
		if (server->sockets[i].kind == LISTENER_GEMINI &&
		    str_equal(server->sockets[i].wanted, address))
			return true;
	return false;
}

static bool open_sockets(struct sockets *sockets, enum listener_kind kind, unsigned capsule,
			 const struct settings *settings, struct fault *fault)
{
	const struct listen_settings *listen =
	    kind == LISTENER_GEMINI ? &settings->gemini : &settings->gopher;
	for (size_t i = 0; i < listen->naddresses && !listen->off; i++) {
		struct str address = listen->addresses[i];
		if (kind == LISTENER_GEMINI && is_open(sockets->server, address))
			continue;
		if (!open_socket(sockets, kind, capsule, address, fault))
			return false;
	}
	return true;
}

struct listener **serve_listeners(struct server *server, struct shared_settings *const *all,
				  struct fault *fault)
{
	struct sockets sockets = { .server = server };
	bool good = true;
	for (unsigned i = 0; i < server->ncapsules && good; i++)
		good = open_sockets(&sockets, LISTENER_GEMINI, i, all[i]->settings, fault) &&
		       open_sockets(&sockets, LISTENER_GOPHER, i, all[i]->settings, fault);
	if (good && server->nsockets == 0)
		good = fault_set(fault, all[0]->settings->file, 0, 0,
				 "nothing to serve: gemini and gopher are both off");
	if (good) {
		choose_public(server, all);
		return sockets.listeners;
	}
	for (size_t i = 0; i < server->nsockets; i++)
		listener_close(sockets.listeners[i]);
	free(sockets.listeners);
	return NULL;
}

static bool usable_pair(const struct settings *settings, struct str host, bool make,
			struct fault *fault)
{
	struct certificate certificate;
	bool good = make ? certificate_ensure(settings->certificates, host, &certificate, fault)
			 : certificate_read(settings->certificates, host, &certificate, fault);
	if (!good)
		return false;
	if (certificate.created)
		log_info("made a certificate for %.*s in %.*s, SHA-256 %s", STR_ARGS(host),
			 STR_ARGS(settings->certificates), certificate.fingerprint);
	if (certificate.days_left < NEAR_END)
		log_warning("the certificate of %.*s ends in %lld days: perigee cert --renew",
			    STR_ARGS(host), (long long)certificate.days_left);
	return true;
}

static struct str pair_file(struct arena *arena, const struct settings *settings, struct str host,
			    struct str ending)
{
	struct buf path = { 0 };
	certificate_path(settings->certificates, host, ending, &path);
	struct str copy = arena_str(arena, buf_str(&path));
	buf_free(&path);
	return copy;
}

uint64_t serve_pairs_state(struct shared_settings *const *all, unsigned ncapsules)
{
	static const struct str endings[] = { STR_INIT(".crt"), STR_INIT(".key") };
	struct arena arena = { 0 };
	struct buf state = { 0 };
	for (unsigned i = 0; i < ncapsules; i++) {
		const struct settings *settings = all[i]->settings;
		for (size_t j = 0; j < 2 * settings->nhosts; j++) {
			struct stat status = { 0 };
			struct str path =
			    pair_file(&arena, settings, settings->hosts[j / 2], endings[j % 2]);
			if (stat(path.at, &status) != 0)
				status.st_ino = 0;
			buf_format(&state, "%llx %llx %llx ", (unsigned long long)status.st_ino,
				   (unsigned long long)status.st_mtim.tv_sec,
				   (unsigned long long)status.st_mtim.tv_nsec);
		}
	}
	uint64_t hash = str_hash(buf_str(&state));
	arena_free(&arena);
	buf_free(&state);
	return hash;
}

struct tls *serve_tls(struct server *server, struct shared_settings *const *all, bool make,
		      struct fault *fault)
{
	/* Faults name files: the names must live on. */
	struct arena *arena = &server->tls_arena;
	arena_clear(arena);
	struct tls_host *hosts = NULL;
	size_t nhosts = 0, capacity = 0;
	bool good = true;
	for (unsigned i = 0; i < server->ncapsules; i++) {
		const struct settings *settings = all[i]->settings;
		for (size_t j = 0; j < settings->nhosts && good; j++) {
			struct str host = settings->hosts[j];
			good = usable_pair(settings, host, make, fault);
			hosts = arena_grow(arena, hosts, nhosts, &capacity, sizeof(*hosts));
			hosts[nhosts++] = (struct tls_host){
				.name = host,
				.certificate = pair_file(arena, settings, host, STR(".crt")),
				.key = pair_file(arena, settings, host, STR(".key")),
			};
		}
	}
	return good ? tls_new(hosts, nhosts, fault) : NULL;
}
