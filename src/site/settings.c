#include "site/settings.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "math/math.h"
#include "site/settings_reader.h"
#include "wire/uri.h"

#define MAX_FILE (1024 * 1024)
#define MAX_PORT 65535
#define DAY_S    86400
#define NO_BOUND 1000000000

/* ---- Types of their own ---- */

static bool check_host(struct settings_reader *reader, const struct value *value, struct str *host)
{
	struct arena *arena = &reader->settings->arena;
	if (value->kind != VALUE_SCALAR || !uri_host_ascii(arena, value->text, host))
		return settings_wrong(reader, value, "a host must be a name like example.org");
	if (uri_host_is_address(*host))
		return settings_wrong(reader, value, "hosts are names, not addresses: \"%.*s\"",
				      STR_ARGS(*host));
	*host = arena_str(arena, *host);
	return true;
}

/* The host of Gopher's menus: a name too, though clients would take an address. */
static bool take_host(struct settings_reader *reader, const struct value *value,
		      const struct setting *setting)
{
	(void)setting;
	return check_host(reader, value, &reader->settings->gopher.host);
}

static bool take_hosts(struct settings_reader *reader, const struct value *value,
		       const struct setting *setting)
{
	(void)setting;
	struct settings *settings = reader->settings;
	if (value->kind != VALUE_LIST || value->count == 0)
		return settings_wrong_type(reader, value, "a list of names: [example.org]");
	struct str *hosts = ARENA_ARRAY(&settings->arena, struct str, value->count);
	settings->hosts = hosts;
	settings->nhosts = 0;
	for (const struct value *v = value_first(value); v != NULL; v = v->next) {
		if (!check_host(reader, v, &hosts[settings->nhosts]))
			return false;
		settings->nhosts++;
	}
	return true;
}

/* ADDRESS:PORT, an IPv6 address in brackets */
static bool is_listen_address(struct str text)
{
	size_t colon = str_find_last(text, ':');
	uint64_t port;
	if (colon == STR_NOT_FOUND || colon == 0 ||
	    !str_number(str_skip(text, colon + 1), MAX_PORT, &port))
		return false;
	struct str address = str_sub(text, 0, colon);
	return (str_starts(address, STR("[")) && str_ends(address, STR("]"))) ||
	       str_find(address, ':', 0) == STR_NOT_FOUND;
}

static bool take_address(struct settings_reader *reader, const struct value *value,
			 struct str *address)
{
	if (value->kind != VALUE_SCALAR || !is_listen_address(value->text))
		return settings_wrong(reader, value,
				      "listen takes ADDRESS:PORT, such as \"[::]:1965\", or off");
	*address = arena_str(&reader->settings->arena, value->text);
	return true;
}

static bool take_listen(struct settings_reader *reader, const struct value *value,
			const struct setting *setting)
{
	struct listen_settings *listen =
	    (struct listen_settings *)((char *)reader->settings + setting->offset);
	bool on;
	if (value_bool(value, &on) && !on) {
		listen->off = true;
		return true;
	}
	bool list = value->kind == VALUE_LIST;
	size_t count = list ? value->count : 1;
	struct str *addresses = ARENA_ARRAY(&reader->settings->arena, struct str, count);
	const struct value *v = list ? value_first(value) : value;
	for (size_t i = 0; i < count; i++, v = v->next)
		if (!take_address(reader, v, &addresses[i]))
			return false;
	listen->off = count == 0;
	listen->addresses = addresses;
	listen->naddresses = count;
	return true;
}

static bool take_macros(struct settings_reader *reader, const struct value *value,
			const struct setting *setting)
{
	(void)setting;
	if (value->kind != VALUE_MAP)
		return settings_wrong_type(reader, value, "a map: {'\\R': '\\mathbb{R}'}");
	for (const struct value *v = value_first(value); v != NULL; v = v->next) {
		if (v->kind != VALUE_SCALAR)
			return settings_wrong_type(reader, v, "the TeX text of a macro");
		if (!math_macros_define(reader->settings->macros, v->key, 0, v->text))
			return settings_wrong(
			    reader, v,
			    "\"%.*s\" is no macro: a name like \\R, and braces that match",
			    STR_ARGS(str_sub(v->key, 0, 40)));
	}
	return true;
}

#define LABEL_NAME(id, name, english) STR_INIT(name),
static const struct str label_names[] = { LABELS(LABEL_NAME) };
#undef LABEL_NAME

static bool wrong_label(struct settings_reader *reader, const struct value *value)
{
	struct str nearest = { 0 };
	for (size_t i = 0; i < LABEL_COUNT; i++) {
		if (str_equal(label_names[i], value->key))
			return settings_wrong(
			    reader, value, "the label %.*s needs as many %%u as its English words",
			    STR_ARGS(value->key));
		if (nearest.len == 0 && str_distance(label_names[i], value->key, 2) <= 2)
			nearest = label_names[i];
	}
	struct str key = str_sub(value->key, 0, 60);
	return fault_set(reader->fault, reader->file, value->key_line, value->key_column,
			 nearest.len > 0 ? "unknown label \"%.*s\": did you mean \"%.*s\"?"
					 : "unknown label \"%.*s\": see capsule.yaml(5)%.*s",
			 STR_ARGS(key), STR_ARGS(nearest));
}

static bool take_labels(struct settings_reader *reader, const struct value *value,
			const struct setting *setting)
{
	(void)setting;
	struct settings *settings = reader->settings;
	if (value->kind != VALUE_MAP)
		return settings_wrong_type(reader, value, "a map: {keyword: Tag}");
	struct str *names = ARENA_ARRAY(&settings->arena, struct str, value->count);
	struct str *words = ARENA_ARRAY(&settings->arena, struct str, value->count);
	settings->label_names = names;
	settings->label_words = words;
	for (const struct value *v = value_first(value); v != NULL; v = v->next) {
		if (v->kind != VALUE_SCALAR)
			return settings_wrong_type(reader, v, "a text");
		size_t i = settings->nlabels;
		names[i] = arena_str(&settings->arena, v->key);
		words[i] = settings_clean(reader, v->text);
		if (!labels_set(&settings->style.labels, names[i], words[i]))
			return wrong_label(reader, v);
		settings->nlabels++;
	}
	return true;
}

/* It goes into headers of answers and into feeds. */
static bool take_language(struct settings_reader *reader, const struct value *value,
			  const struct setting *setting)
{
	(void)setting;
	bool valid = value->kind == VALUE_SCALAR && value->text.len > 0 && value->text.len <= 35;
	for (size_t i = 0; valid && i < value->text.len; i++) {
		char c = value->text.at[i];
		valid = str_is_alpha(c) || (i > 0 && (str_is_digit(c) || c == '-'));
	}
	if (!valid)
		return settings_wrong_type(reader, value, "a language such as en or pt-BR");
	reader->settings->language = arena_str(&reader->settings->arena, value->text);
	return true;
}

static bool take_content(struct settings_reader *reader, const struct value *value,
			 const struct setting *setting)
{
	reader->settings->content_line = value->line;
	reader->settings->content_column = value->column;
	return settings_folder(reader, value, setting);
}

/* "stderr", "off" or a file */
static bool take_access(struct settings_reader *reader, const struct value *value,
			const struct setting *setting)
{
	(void)setting;
	if (value->kind != VALUE_SCALAR || value->text.len == 0)
		return settings_wrong_type(reader, value, "stderr, off or a file");
	bool word = str_equal(value->text, STR("stderr")) || str_equal(value->text, STR("off"));
	reader->settings->access_log = word ? arena_str(&reader->settings->arena, value->text)
					    : settings_resolve(reader, value->text);
	return true;
}

/* ---- The tables ---- */

/* clang-format off */
#define ROW(name, type, ...) { .key = STR_INIT(name), .take = (type), __VA_ARGS__ }
#define AT(member) .offset = offsetof(struct settings, member)
#define FROM(smallest, largest) .least = (smallest), .most = (largest)
#define WORDS(...) .words = (const struct str[]){ __VA_ARGS__, { NULL, 0 } }
#define WORD(text) STR_INIT(text)
#define ROWS(table) .rows = (table), .nrows = sizeof(table) / sizeof *(table)

static const struct setting author_rows[] = {
	ROW("name", settings_text, AT(author_name)),
	ROW("email", settings_text, AT(author_email)),
	ROW("uri", settings_text, AT(author_uri)),
};

static const struct setting gemini_rows[] = {
	ROW("listen", take_listen, AT(gemini)),
	ROW("port", settings_number, AT(gemini.public_port), FROM(1, MAX_PORT)),
};

static const struct setting gopher_rows[] = {
	ROW("listen", take_listen, AT(gopher)),
	ROW("host", take_host, AT(gopher.host)),
	ROW("port", settings_number, AT(gopher.public_port), FROM(1, MAX_PORT)),
};

static const struct setting limit_rows[] = {
	ROW("connections", settings_number, AT(limits.connections), FROM(0, NO_BOUND)),
	ROW("per_address", settings_number, AT(limits.per_address), FROM(0, NO_BOUND)),
	ROW("handshake_s", settings_number, AT(limits.handshake_s), FROM(0, DAY_S)),
	ROW("request_s", settings_number, AT(limits.request_s), FROM(0, DAY_S)),
	ROW("response_s", settings_number, AT(limits.response_s), FROM(0, DAY_S)),
	ROW("post_bytes", settings_size, AT(limits.post_bytes), FROM(0, NO_BOUND)),
	ROW("cache_bytes", settings_size, AT(limits.cache_bytes), FROM(0, UINT32_MAX)),
};

static const struct setting log_rows[] = {
	ROW("access", take_access, AT(access_log)),
	ROW("addresses", settings_choice, AT(log_addresses),
	    WORDS(WORD("full"), WORD("short"), WORD("none"))),
};

static const struct setting top_rows[] = {
	ROW("title", settings_text, AT(title)),
	ROW("description", settings_text, AT(description)),
	ROW("author", settings_subsection, ROWS(author_rows)),
	ROW("language", take_language),
	ROW("hosts", take_hosts, AT(hosts)),
	ROW("content", take_content, AT(content)),
	ROW("pages", settings_folder, AT(pages)),
	ROW("certificates", settings_folder, AT(certificates)),
	ROW("posts_per_page", settings_number, AT(posts_per_page), FROM(1, 1000)),
	ROW("width", settings_number, AT(style.width), FROM(20, 200)),
	ROW("links", settings_choice, AT(style.links),
	    WORDS(WORD("paragraph"), WORD("section"), WORD("end"), WORD("numbered"), WORD("off"))),
	ROW("emphasis", settings_second, AT(style.emphasis_markdown),
	    WORDS(WORD("none"), WORD("markdown"))),
	ROW("hr", settings_text, AT(style.rule)),
	ROW("charset", settings_second, AT(style.ascii), WORDS(WORD("utf-8"), WORD("ascii"))),
	ROW("math", settings_flag, AT(math)),
	ROW("math_bold", settings_second, AT(style.math_bold_unicode),
	    WORDS(WORD("plain"), WORD("unicode"))),
	ROW("math_macros", take_macros, AT(macros)),
	ROW("labels", take_labels, AT(style.labels)),
	ROW("gemini", settings_subsection, ROWS(gemini_rows)),
	ROW("gopher", settings_subsection, ROWS(gopher_rows)),
	ROW("limits", settings_subsection, ROWS(limit_rows)),
	ROW("log", settings_subsection, ROWS(log_rows)),
	ROW("cache", settings_folder, AT(cache)),
	ROW("search", settings_choice, AT(search),
	    WORDS(WORD("auto"), WORD("memory"), WORD("file"), WORD("off"))),
	ROW("user", settings_text, AT(user)),
};
/* clang-format on */

/* ---- Reading ---- */

static const struct str default_hosts[] = { STR_INIT("localhost") };
static const struct str default_gemini[] = { STR_INIT("[::]:1965") };
static const struct str default_gopher[] = { STR_INIT("[::]:7070") };

static struct settings *new_settings(struct str path)
{
	struct settings *settings = memory_new(sizeof *settings);
	style_default(&settings->style);
	settings->file = arena_str(&settings->arena, path);
	settings->language = STR("en");
	settings->hosts = default_hosts;
	settings->nhosts = 1;
	settings->posts_per_page = 20;
	settings->math = true;
	settings->macros = math_macros_new(&settings->arena, NULL);
	settings->gemini = (struct listen_settings){ .addresses = default_gemini, .naddresses = 1 };
	settings->gopher = (struct listen_settings){ .addresses = default_gopher, .naddresses = 1 };
	settings->limits = (struct limit_settings){
		.connections = 10000,
		.per_address = 256,
		.handshake_s = 10,
		.request_s = 10,
		.response_s = 60,
		.post_bytes = 4 * 1024 * 1024,
		.cache_bytes = 16 * 1024 * 1024,
	};
	settings->access_log = STR("stderr");
	return settings;
}

/* What follows from other settings, and where the capsule is reached unless its sockets say else.
 */
static void derive(struct settings *settings)
{
	if (settings->gopher.host.len == 0)
		settings->gopher.host = settings->hosts[0];
	struct place *place = &settings->style.place;
	place->gemini_host = settings->hosts[0];
	place->gopher_host = settings->gopher.host;
	place->has_gemini = !settings->gemini.off;
	place->has_gopher = !settings->gopher.off;
	if (settings->gemini.public_port > 0)
		place->gemini_port = settings->gemini.public_port;
	if (settings->gopher.public_port > 0)
		place->gopher_port = settings->gopher.public_port;
}

struct settings *settings_default(void)
{
	struct settings *settings = new_settings(STR(""));
	settings->title = STR("Perigee");
	derive(settings);
	return settings;
}

/* What systemd gives (CacheDirectory=), or `cache` beside the folder of the certificates. */
static struct str default_cache(struct settings *settings)
{
	struct str given = str_from(getenv("CACHE_DIRECTORY")), first;
	str_cut(&given, ':', &first);
	if (first.len > 0)
		return arena_str(&settings->arena, first);
	return arena_format(&settings->arena, "%.*s/../cache", STR_ARGS(settings->certificates));
}

static bool read_tree(struct settings_reader *reader, const struct value *top)
{
	struct settings *settings = reader->settings;
	if (top->kind != VALUE_MAP)
		return fault_set(reader->fault, reader->file, 1, 1,
				 "settings are keys with values; \"title: ...\" is needed");
	/* The labels that are replaced belong to the language, wherever that key stands. */
	const struct value *language = value_get(top, STR("language"));
	if (language != NULL && language->kind == VALUE_SCALAR)
		labels_for(&settings->style.labels, language->text);
	settings->content = settings_resolve(reader, STR("../content"));
	settings->content_line = settings->content_column = 1;
	settings->pages = settings_resolve(reader, STR("."));
	settings->certificates = settings_resolve(reader, STR("../certs"));
	if (!settings_section(reader, top, top_rows, sizeof top_rows / sizeof *top_rows))
		return false;
	if (settings->cache.len == 0)
		settings->cache = default_cache(settings);
	if (settings->title.len == 0)
		return fault_set(reader->fault, reader->file, 1, 1,
				 "the key \"title\" is missing: add a line \"title: ...\"");
	derive(settings);
	return true;
}

struct settings *settings_read(struct str path, struct fault *fault)
{
	struct settings *settings = new_settings(path);
	struct settings_reader reader = { .settings = settings, .file = path, .fault = fault };
	size_t slash = str_find_last(settings->file, '/');
	if (slash != STR_NOT_FOUND)
		reader.folder = str_sub(settings->file, 0, slash + 1);
	struct buf text = { 0 };
	struct arena arena = { 0 };
	struct value *top;
	bool good = file_read_path(path, MAX_FILE, &text, fault) &&
		    yaml_parse(&arena, buf_str(&text), path, 1, &top, fault) &&
		    read_tree(&reader, top);
	buf_free(&text);
	arena_free(&arena);
	if (good)
		return settings;
	settings_free(settings);
	return NULL;
}

void settings_free(struct settings *settings)
{
	if (settings == NULL)
		return;
	arena_free(&settings->arena);
	free(settings);
}

void settings_labels(const struct settings *settings, struct str lang, struct labels *labels)
{
	if (lang.len == 0 || str_equal_nocase(lang, settings->language)) {
		*labels = settings->style.labels;
		return;
	}
	labels_for(labels, lang);
	for (size_t i = 0; i < settings->nlabels; i++)
		labels_set(labels, settings->label_names[i], settings->label_words[i]);
}
