/*
 * notify - tells the service manager how it goes (sd_notify(3)).
 *
 *	notify_open();                     // before the sandbox closes
 *	notify("READY=1");
 *
 * libsystemd comes with five libraries of its own, a megabyte of memory that nobody needs who
 * was not started by systemd: it is loaded when $NOTIFY_SOCKET asks for it.
 */
#ifndef COMMAND_NOTIFY_H
#define COMMAND_NOTIFY_H

void notify_open(void);

/* One or more lines of "NAME=value"; nothing happens without a service manager. */
void notify(const char *state);

#endif
