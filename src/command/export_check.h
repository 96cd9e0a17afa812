/*
 * export_check - whether every link of an exported folder that leads into it leads somewhere.
 *
 * Looks at the files as they are on disk, with nothing in hand but the folder: gemtext, menus of
 * both sorts, texts of Gopher and feeds.
 */
#ifndef COMMAND_EXPORT_CHECK_H
#define COMMAND_EXPORT_CHECK_H

#include "command/export_manifest.h"
#include "document/route.h"
#include "render/style.h"

struct export_check {
	int top;
	enum space space;
	const struct style *style; /* that it was exported with */
	const struct export_manifest *manifest;
	void (*report)(const struct fault *); /* for each link that leads nowhere */
};

/* Gives how many links lead nowhere. */
size_t export_check_run(const struct export_check *);

#endif
