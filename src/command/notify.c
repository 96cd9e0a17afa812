#include "command/notify.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"

static __typeof__(sd_notify) *send_state;

void notify_open(void)
{
	if (getenv("NOTIFY_SOCKET") == NULL)
		return;
	void *library = dlopen("libsystemd.so.0", RTLD_LAZY);
	void *symbol = library ? dlsym(library, "sd_notify") : NULL;
	/* ISO C has no cast from an object's pointer to a function's; POSIX has dlsym(). */
	*(void **)&send_state = symbol;
	if (symbol == NULL)
		log_warning("the service manager is not told of the start: %s", dlerror());
}

void notify(const char *state)
{
	if (send_state != NULL)
		send_state(0, state);
}
