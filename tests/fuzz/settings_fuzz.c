/* Any bytes as capsule.yaml: settings that hold, or a fault that says where. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "site/settings.h"

static void write_file(const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "wb");
	assert(file != NULL);
	size_t written = size > 0 ? fwrite(data, 1, size, file) : 0;
	assert(written == size);
	fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	snprintf(path, sizeof path, "/tmp/settings_fuzz.%d.yaml", (int)getpid());
	write_file(path, data, size);
	struct fault fault = { 0 };
	struct settings *settings = settings_read(str_from(path), &fault);
	unlink(path);
	if (settings != NULL) {
		assert(settings->title.len > 0 && settings->nhosts > 0);
		assert(settings->posts_per_page > 0 && settings->style.width >= 20);
		settings_free(settings);
	} else {
		assert(fault.text[0] != '\0');
	}
	return 0;
}
