#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "command/serve.h"

struct shared_settings *shared_settings_hold(struct shared_settings *shared)
{
	atomic_fetch_add(&shared->holders, 1);
	return shared;
}

void shared_settings_release(struct shared_settings *shared)
{
	if (atomic_fetch_sub(&shared->holders, 1) > 1)
		return;
	settings_free(shared->settings);
	free(shared);
}

struct edition *edition_new(struct server *server, const struct edition_capsule *capsules)
{
	struct edition *edition = memory_new(sizeof(*edition));
	edition->server = server;
	atomic_init(&edition->holders, 1);
	edition->ncapsules = server->ncapsules;
	edition->capsules = memory_new(server->ncapsules * sizeof(*capsules));
	for (unsigned i = 0; i < server->ncapsules; i++) {
		edition->capsules[i].settings = shared_settings_hold(capsules[i].settings);
		edition->capsules[i].catalogue = catalogue_hold(capsules[i].catalogue);
	}
	return edition;
}

struct edition *edition_hold(struct edition *edition)
{
	atomic_fetch_add(&edition->holders, 1);
	return edition;
}

void edition_release(struct edition *edition)
{
	if (atomic_fetch_sub(&edition->holders, 1) > 1)
		return;
	for (unsigned i = 0; i < edition->ncapsules; i++) {
		shared_settings_release(edition->capsules[i].settings);
		catalogue_release(edition->capsules[i].catalogue);
	}
	free(edition->capsules);
	free(edition);
}
