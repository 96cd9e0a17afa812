#include "net/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "net/sandbox_files.h"

/*
 * What serving, loading posts and keeping certificates need. Names that an architecture
 * does not have are skipped. Absent on purpose: execve, fork, ptrace, connect, bind,
 * mount, chmod of paths, setuid and their like.
 */
static const char *const allowed_calls[] = {
	/* bytes of files and sockets */
	"read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "close", "lseek",
	"sendfile", "recvfrom", "recvmsg", "sendto", "sendmsg", "accept4", "shutdown",
	"getsockname", "getpeername", "getsockopt", "setsockopt", "fcntl", "dup", "dup3", "pipe2",
	/* files and folders; which ones is Landlock's part */
	"open", "openat", "openat2", "stat", "lstat", "fstat", "newfstatat", "statx", "statfs",
	"fstatfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd",
	"getdents64", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat",
	"ftruncate", "fchmod", "fsync", "fdatasync", "fadvise64", "flock", "umask",
	/* waiting */
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "ppoll",
	"select", "pselect6", "eventfd2", "signalfd4", "timerfd_create", "timerfd_settime",
	"timerfd_gettime", "inotify_init1", "inotify_add_watch", "inotify_rm_watch", "nanosleep",
	"clock_nanosleep", "restart_syscall",
	/* time, chance and what the process is */
	"clock_gettime", "clock_getres", "gettimeofday", "time", "getrandom", "getrusage", "times",
	"getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo",
	"prlimit64", "getrlimit", "sched_getaffinity", "sched_yield", "setpriority",
	/* memory, threads, signals, the end */
	"brk", "munmap", "mremap", "madvise", "futex", "futex_waitv", "set_robust_list", "rseq",
	"set_tid_address", "membarrier", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	"rt_sigsuspend", "rt_sigtimedwait", "sigaltstack", "tgkill", "exit", "exit_group"
};

bool sandbox_drop_root(struct str user, struct fault *fault)
{
	if (user.len == 0 || geteuid() != 0)
		return true;
	struct buf name = { 0 };
	buf_add(&name, user);
	const struct passwd *entry = getpwnam(buf_c(&name));
	buf_free(&name);
	if (entry == NULL)
		return fault_set(fault, (struct str){ 0 }, 0, 0,
				 "there is no user '%.*s' to become (setting `user`)",
				 STR_ARGS(user));
	/* The last call proves that there is no way back. */
	if (setgroups(0, NULL) != 0 || setgid(entry->pw_gid) != 0 || setuid(entry->pw_uid) != 0 ||
	    (entry->pw_uid != 0 && setuid(0) == 0))
		return fault_system(fault, (struct str){ 0 }, "become the setting's `user`");
	return true;
}

static int allow(scmp_filter_ctx filter, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);
	return call < 0 ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, NULL);
}

/* Calls that are fine in one form only. */
static int allow_forms(scmp_filter_ctx filter)
{
	const scmp_datum_t local = AF_UNIX; /* systemd is told so that we are ready */
	static const unsigned long requests[] = { TCGETS, FIONREAD, TIOCGWINSZ };
	const scmp_datum_t exec = PROT_EXEC, thread = CLONE_THREAD;
	const scmp_datum_t batch = SCHED_BATCH; /* by a thread that gives way to others */
	int failed = 0;
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, exec, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, exec, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
				   SCMP_A0(SCMP_CMP_EQ, local, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				   SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sched_setscheduler), 1,
				   SCMP_A1(SCMP_CMP_EQ, batch, 0));
	/* Its flags are behind a pointer, which no filter can follow; libc falls back to clone. */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
					   SCMP_A1(SCMP_CMP_EQ, requests[i], 0));
	return failed;
}

/* A call that is not allowed fails with EPERM: a server that has bugs stays up. */
static bool confine_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int failed = filter == NULL;
	for (size_t i = 0; !failed && i < sizeof allowed_calls / sizeof *allowed_calls; i++)
		failed = allow(filter, allowed_calls[i]);
	failed = failed || allow_forms(filter) || seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	return !failed;
}

void sandbox_confine(const struct sandbox_settings *settings)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		log_warning("sandbox: nothing is confined: no_new_privs: %s", strerror(errno));
		return;
	}
	sandbox_confine_files(settings);
	if (!confine_calls())
		log_warning("sandbox: system calls are not confined: this kernel has no seccomp");
}
