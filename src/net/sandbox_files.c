#include "net/sandbox_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

#define ACCESS_TRUNCATE (1ull << 14) /* of ABI 3; younger than the oldest headers we build on */

enum {
	ABI_REFER = 2,
	ABI_TRUNCATE = 3,
};

static const uint64_t access_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t access_write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
				     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
				     ACCESS_TRUNCATE;
/* Those that make sense for a file that is no folder; the kernel refuses the others. */
static const uint64_t access_of_files =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE;

/* All that this kernel knows how to forbid. */
static uint64_t access_of_abi(long abi)
{
	uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	if (abi >= ABI_REFER)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= ABI_TRUNCATE)
		all |= ACCESS_TRUNCATE;
	return all;
}

static void allow(int ruleset, struct str path, uint64_t access)
{
	struct buf name = { 0 };
	struct stat status;
	buf_add(&name, path);
	int fd = open(buf_c(&name), O_PATH | O_CLOEXEC);
	bool done = fd >= 0 && fstat(fd, &status) == 0;
	if (done) {
		struct landlock_path_beneath_attr rule = { .allowed_access = access,
							   .parent_fd = fd };
		if (!S_ISDIR(status.st_mode))
			rule.allowed_access &= access_of_files;
		done = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
			       0) == 0;
	}
	if (!done)
		log_warning("sandbox: %s will not be open to the server: %s", buf_c(&name),
			    strerror(errno));
	if (fd >= 0)
		close(fd);
	buf_free(&name);
}

bool sandbox_confine_files(const struct sandbox_settings *settings)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		log_warning("sandbox: files are not confined: this kernel has no Landlock");
		return false;
	}
	struct landlock_ruleset_attr attributes = { .handled_access_fs = access_of_abi(abi) };
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	if (ruleset < 0) {
		log_warning("sandbox: files are not confined: %s", strerror(errno));
		return false;
	}
	uint64_t known = attributes.handled_access_fs;
	for (size_t i = 0; i < settings->nreadable; i++)
		allow(ruleset, settings->readable[i], access_read & known);
	for (size_t i = 0; i < settings->nwritable; i++)
		allow(ruleset, settings->writable[i], (access_read | access_write) & known);
	bool done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (!done)
		log_warning("sandbox: files are not confined: %s", strerror(errno));
	close(ruleset);
	return done;
}
