/* Making, reading and renewing the pair of a host; what is said when half of it is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "net/certificate.h"
#include "net/tls.h"

static char folder[64];

static struct str path(const char *name)
{
	static char room[4][256];
	static unsigned next;
	char *at = room[next++ % 4];
	snprintf(at, sizeof room[0], "%s/%s", folder, name);
	return str_from(at);
}

static int new_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/perigee-certificate-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	(void)state;
	static const char *const names[] = { "localhost.crt", "localhost.key",
					     "certs/a.example.crt", "certs/a.example.key" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path(names[i]).at);
	rmdir(path("certs").at);
	return rmdir(folder);
}

static X509 *open_certificate(const char *name)
{
	FILE *file = fopen(path(name).at, "r");
	assert_non_null(file);
	X509 *x509 = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(x509);
	return x509;
}

/* GEM-94, GEM-95 */
static void first_start_makes_a_pair(void **state)
{
	(void)state;
	struct certificate made, read;
	struct fault fault = { 0 };
	struct stat status;
	int64_t now = (int64_t)time(NULL);
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &made, &fault));
	assert_true(made.created);
	assert_in_range(made.not_before, now - 86400 - 5, now - 86400 + 5);
	assert_true(made.days_left > 3650);
	assert_int_equal(stat(path("localhost.key").at, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);

	X509 *x509 = open_certificate("localhost.crt");
	assert_int_equal(X509_check_host(x509, "localhost", 0, 0, NULL), 1);
	assert_int_equal(X509_check_host(x509, "other.example", 0, 0, NULL), 0);
	assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(x509)), EVP_PKEY_EC);
	assert_int_equal(X509_verify(x509, X509_get0_pubkey(x509)), 1);
	X509_free(x509);

	/* The second start keeps it. */
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &read, &fault));
	assert_false(read.created);
	assert_string_equal(read.fingerprint, made.fingerprint);
	assert_int_equal(strlen(read.public_key), 64);
}

static void folder_is_made(void **state)
{
	(void)state;
	struct certificate made;
	struct fault fault;
	struct stat status;
	assert_true(certificate_ensure(path("certs"), STR("a.example"), &made, &fault));
	assert_int_equal(stat(path("certs").at, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
}

static void half_a_pair_is_a_fault(void **state)
{
	(void)state;
	struct certificate certificate;
	struct fault fault;
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &certificate, &fault));

	assert_int_equal(rename(path("localhost.key").at, path("away").at), 0);
	assert_false(certificate_ensure(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_non_null(strstr(fault.text, "localhost.key"));
	assert_int_not_equal(access(path("localhost.key").at, F_OK), 0); /* nothing regenerated */
	assert_int_equal(rename(path("away").at, path("localhost.key").at), 0);

	assert_int_equal(unlink(path("localhost.crt").at), 0);
	assert_false(certificate_ensure(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_non_null(strstr(fault.text, "localhost.crt"));
	assert_int_not_equal(access(path("localhost.crt").at, F_OK), 0);

	/* The mend that the message names. */
	assert_true(certificate_renew(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &certificate, &fault));
}

static void renewal_keeps_the_key(void **state)
{
	(void)state;
	struct certificate old, renewed;
	struct fault fault;
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &old, &fault));
	assert_true(certificate_renew(str_from(folder), STR("localhost"), &renewed, &fault));
	assert_string_equal(old.public_key, renewed.public_key);
	assert_string_not_equal(old.fingerprint, renewed.fingerprint);
	assert_true(certificate_read(str_from(folder), STR("localhost"), &renewed, &fault));
}

static void unusable_files_are_named(void **state)
{
	(void)state;
	struct certificate certificate;
	struct fault fault;
	assert_false(certificate_read(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &certificate, &fault));

	assert_true(file_replace(path("localhost.crt"), STR("no PEM\n"), 0644, &fault));
	assert_false(certificate_read(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_non_null(strstr(fault.text, "localhost.crt"));

	struct tls_host host = { STR("localhost"), path("localhost.crt"), path("localhost.key") };
	assert_null(tls_new(&host, 1, &fault));
	assert_true(str_equal(fault.file, host.certificate));
}

static void foreign_key_is_refused(void **state)
{
	(void)state;
	struct certificate certificate;
	struct fault fault;
	assert_true(certificate_ensure(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_true(certificate_ensure(path("certs"), STR("a.example"), &certificate, &fault));
	assert_int_equal(rename(path("certs/a.example.key").at, path("localhost.key").at), 0);
	assert_false(certificate_read(str_from(folder), STR("localhost"), &certificate, &fault));
	assert_non_null(strstr(fault.text, "localhost.key"));

	struct tls_host host = { STR("localhost"), path("localhost.crt"), path("localhost.key") };
	assert_null(tls_new(&host, 1, &fault));
	assert_true(str_equal(fault.file, host.key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(first_start_makes_a_pair, new_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(folder_is_made, new_folder, remove_folder),
		cmocka_unit_test_setup_teardown(half_a_pair_is_a_fault, new_folder, remove_folder),
		cmocka_unit_test_setup_teardown(renewal_keeps_the_key, new_folder, remove_folder),
		cmocka_unit_test_setup_teardown(unusable_files_are_named, new_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(foreign_key_is_refused, new_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
