/*
 * The sandbox from within: each test confines a forked child, which then tries what it
 * may and what it may not do. A child's exit status says which try went wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "net/certificate.h"
#include "net/sandbox.h"

static char folder[64], content[96], certs[96];

static int make_folders(void **state)
{
	(void)state;
	struct fault fault;
	snprintf(folder, sizeof folder, "/tmp/perigee-sandbox-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(content, sizeof content, "%s/content", folder);
	snprintf(certs, sizeof certs, "%s/certs", folder);
	char post[128];
	snprintf(post, sizeof post, "%s/post.md", content);
	return mkdir(content, 0755) || mkdir(certs, 0700) ||
	       !file_replace(str_from(post), STR("# Post\n"), 0644, &fault);
}

static int remove_folders(void **state)
{
	(void)state;
	static const char *const names[] = { "content/post.md", "certs/localhost.crt",
					     "certs/localhost.key", "certs/log" };
	char path[128];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(content) || rmdir(certs) || rmdir(folder);
}

static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static void assert_in_sandbox(int (*tries)(void))
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct str readable[] = { str_from(content) }, writable[] = { str_from(certs) };
		struct sandbox_settings settings = { readable, 1, writable, 1 };
		sandbox_confine(&settings);
		_exit(tries());
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int forbidden_files(void)
{
	char path[128];
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 1;
	if (open("/", O_RDONLY | O_DIRECTORY) >= 0)
		return 2;
	snprintf(path, sizeof path, "%s/new", content);
	if (open(path, O_WRONLY | O_CREAT, 0600) >= 0)
		return 3;
	snprintf(path, sizeof path, "%s/post.md", content);
	if (open(path, O_WRONLY) >= 0 || unlink(path) == 0)
		return 4;
	snprintf(path, sizeof path, "%s/../../../etc/passwd", content);
	if (open(path, O_RDONLY) >= 0)
		return 5;
	return 0;
}

static void planted_open_fails(void **state)
{
	(void)state;
	if (!has_landlock()) {
		print_message("this kernel has no Landlock\n");
		skip();
	}
	assert_in_sandbox(forbidden_files);
}

static int forbidden_calls(void)
{
	char *const arguments[] = { "true", NULL };
	execv("/bin/true", arguments);
	if (errno != EPERM && errno != EACCES)
		return 1;
	if (fork() >= 0)
		return 2;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	    MAP_FAILED)
		return 4;
	if (syscall(SYS_ptrace, 0, 0, 0, 0) >= 0 || errno != EPERM)
		return 5;
	if (chmod(content, 0777) == 0)
		return 6;
	return 0;
}

static void planted_execve_fails(void **state)
{
	(void)state;
	assert_in_sandbox(forbidden_calls);
}

static void *in_a_thread(void *ran)
{
	*(bool *)ran = true;
	return malloc(300000);
}

/* What serving needs goes on: posts, their watch, certificates, threads, memory. */
static int needed_things(void)
{
	struct fault fault;
	struct buf text = { 0 };
	struct stat status;
	struct certificate certificate;
	pthread_t thread;
	void *memory;
	bool ran = false;

	int root = file_open_folder(str_from(content));
	int post = root < 0 ? -1 : file_open_beneath(root, STR("post.md"), &status);
	if (post < 0 || !file_read(post, 100, &text) || text.len != 7)
		return 1;
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch < 0 || inotify_add_watch(watch, content, IN_CLOSE_WRITE) < 0)
		return 2;
	if (!certificate_ensure(str_from(certs), STR("localhost"), &certificate, &fault) ||
	    !certificate_renew(str_from(certs), STR("localhost"), &certificate, &fault))
		return 3;
	if (pthread_create(&thread, NULL, in_a_thread, &ran) != 0 ||
	    pthread_join(thread, &memory) != 0 || !ran)
		return 4;
	free(memory);
	if (getrandom(&status, sizeof status, 0) != (ssize_t)sizeof status)
		return 5;
	char log[128];
	snprintf(log, sizeof log, "%s/log", certs);
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || write(fd, "line\n", 5) != 5)
		return 6;
	/* A thread may step back, but not before others. */
	struct sched_param first = { .sched_priority = 1 };
	if (sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ 0 }) != 0)
		return 7;
	return sched_setscheduler(0, SCHED_FIFO, &first) == 0 || errno != EPERM ? 8 : 0;
}

static void needs_are_met(void **state)
{
	(void)state;
	assert_in_sandbox(needed_things);
}

static int as_nobody(void)
{
	struct fault fault;
	const struct passwd *nobody = getpwnam("nobody");
	uid_t expected = nobody ? nobody->pw_uid : 0;
	if (expected == 0)
		return 0;
	if (!sandbox_drop_root(STR("nobody"), &fault))
		return 1;
	if (getuid() != expected || geteuid() != expected || getgroups(0, NULL) != 0)
		return 2;
	return setuid(0) == 0 ? 3 : 0;
}

static void root_is_given_up(void **state)
{
	(void)state;
	struct fault fault;
	assert_true(sandbox_drop_root(STR(""), &fault));
	if (geteuid() != 0)
		skip();
	assert_false(sandbox_drop_root(STR("no such user"), &fault));
	assert_non_null(strstr(fault.text, "no such user"));
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(as_nobody());
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(planted_open_fails, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(planted_execve_fails, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(needs_are_met, make_folders, remove_folders),
		cmocka_unit_test(root_is_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
