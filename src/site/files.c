#include "site/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "content/data_files.h"
#include "content/old_address.h"
#include "site/gemtext_document.h"
#include "site/media.h"

/* Texts up to this size get Gopher's line ends; larger ones are sent as they are. */
#define TEXT_BYTES (1024 * 1024)

/* ---- What readers may not see ---- */

/* Dot-files, but for /.well-known/ (GEM-43); also empty segments, which name nothing. */
static bool is_dotted(struct str path)
{
	bool first = true;
	for (struct str rest = path, part; rest.len > 0; first = false) {
		str_cut(&rest, '/', &part);
		if (part.len == 0)
			return true;
		if (part.at[0] == '.' && !(first && str_equal(part, STR(".well-known"))))
			return true;
	}
	return false;
}

/* Drafts and posts to come, and what lies beside the index.md of one. */
static bool is_hidden(const struct visit *visit, struct str path)
{
	static const struct str indices[] = { STR_INIT("index.md"), STR_INIT("index.markdown") };
	if (visit->catalogue->nhidden == 0)
		return false;
	if (catalogue_is_hidden(visit->catalogue, path))
		return true;
	for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND;
	     slash = str_find(path, '/', slash + 1)) {
		for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
			struct str index = arena_format(visit->arena, "%.*s%.*s",
							STR_ARGS(str_sub(path, 0, slash + 1)),
							STR_ARGS(indices[i]));
			if (catalogue_is_hidden(visit->catalogue, index))
				return true;
		}
	}
	return false;
}

static bool is_same_file(struct visit *visit, struct str path, const struct stat *status)
{
	struct stat other;
	return path.len > 0 && stat(arena_str(visit->arena, path).at, &other) == 0 &&
	       other.st_dev == status->st_dev && other.st_ino == status->st_ino;
}

/* Whether the folder at `path` below `root` is the one that is kept for something else. */
static bool is_reserved_folder(struct visit *visit, int root, struct str path)
{
	const struct catalogue *c = visit->catalogue;
	struct stat folder, other;
	if (fstatat(root, arena_str(visit->arena, path).at, &folder, 0) != 0)
		return false;
	if (is_same_file(visit, visit->settings->certificates, &folder) ||
	    is_same_file(visit, visit->settings->cache, &folder))
		return true;
	/* Of two nested roots, what is in the inner one is served from there or not at all. */
	int other_root = root == c->pages_root ? c->content_root : c->pages_root;
	return !str_equal(path, STR(".")) && other_root >= 0 && fstat(other_root, &other) == 0 &&
	       other.st_dev == folder.st_dev && other.st_ino == folder.st_ino;
}

/*
 * The settings, the access log, and anything below the certificates and the cache, which knows
 * drafts: `pages` is the folder of the settings by default. Compared by identity, so no spelling
 * of a path slips through.
 */
static bool is_private(struct visit *visit, int root, struct str path, const struct stat *status)
{
	const struct settings *settings = visit->settings;
	if (is_same_file(visit, settings->file, status) ||
	    is_same_file(visit, settings->access_log, status) ||
	    is_reserved_folder(visit, root, STR(".")))
		return true;
	for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND;
	     slash = str_find(path, '/', slash + 1))
		if (is_reserved_folder(visit, root, str_sub(path, 0, slash)))
			return true;
	return false;
}

/* ---- Sending ---- */

/* Opens a file that readers may see; -1 and errno, ENOENT for those they may not. */
static int open_public(struct visit *visit, int root, struct str path, struct stat *status)
{
	if (root < 0) {
		errno = ENOENT;
		return -1;
	}
	int fd = file_open_beneath(root, path, status);
	bool in_pages = root == visit->catalogue->pages_root;
	if (fd >= 0 && (is_private(visit, root, path, status) ||
			data_files_hides(visit->catalogue, in_pages, path))) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	return fd;
}

/* Not an error of the reader's: 40, so that a client tries again. */
static bool is_failure(int error)
{
	return error == EIO || error == EMFILE || error == ENFILE || error == ENOMEM;
}

static bool fail(struct visit *visit, struct str path)
{
	struct fault fault;
	fault_system(&fault, path, "open");
	visit_failed(visit, &fault);
	return true;
}

static void send_fd(struct visit *visit, struct str path, int fd, const struct stat *status)
{
	struct response *response = visit->response;
	struct route route = { .kind = ROUTE_FILE, .name = path };
	response->kind = RESPONSE_FILE;
	response->type = media_type(path);
	response->lang = visit->settings->language;
	response->item = route_gopher_type(&route);
	response->file = fd;
	response->size = (uint64_t)status->st_size;
}

bool files_send(struct visit *visit, int root, struct str path)
{
	struct stat status;
	int fd = open_public(visit, root, path, &status);
	if (fd < 0)
		return is_failure(errno) && fail(visit, path);
	send_fd(visit, path, fd, &status);
	return true;
}

/* How Gopher shows a file of gemtext. */
enum gemtext_form { GEMTEXT_SOURCE, GEMTEXT_TEXT, GEMTEXT_MENU };

/* In Gopher a text gets CRLF line ends (GOPH-43). */
static bool send_text(struct visit *visit, bool in_pages, struct str path, int fd,
		      enum gemtext_form form)
{
	struct buf text = { 0 };
	bool good = file_read(fd, TEXT_BYTES, &text) && utf8_valid(buf_str(&text)) &&
		    memchr(text.at ? text.at : "", '\0', text.len) == NULL;
	if (good && form != GEMTEXT_SOURCE) {
		struct catalogue_resolver resolver;
		catalogue_resolver(&resolver, visit->catalogue, path, in_pages);
		struct document *d = gemtext_document(
		    visit->arena, arena_str(visit->arena, buf_str(&text)), &resolver.base);
		style_cut_links(&visit->settings->style, d);
		if (form == GEMTEXT_MENU)
			visit_show(visit, d, &visit->settings->style);
		else
			visit_show_text(visit, d, &visit->settings->style);
	} else if (good) {
		*visit_text(visit, media_type(path)) = text;
		visit->response->item = '0';
		text = (struct buf){ 0 };
	}
	/* A file may change without a new catalogue. */
	visit->response->cacheable = false;
	buf_free(&text);
	return good;
}

/* As files_send(), but in Gopher with the line ends of text. */
static bool send_public(struct visit *visit, int root, struct str path, enum gemtext_form form)
{
	struct stat status;
	int fd = open_public(visit, root, path, &status);
	if (fd < 0)
		return is_failure(errno) && fail(visit, path);
	struct route route = { .kind = ROUTE_FILE, .name = path };
	if (visit->space == SPACE_GOPHER && route_gopher_type(&route) == '0' &&
	    status.st_size <= TEXT_BYTES &&
	    send_text(visit, root == visit->catalogue->pages_root, path, fd, form)) {
		close(fd);
		return true;
	}
	lseek(fd, 0, SEEK_SET);
	send_fd(visit, path, fd, &status);
	return true;
}

/* ---- Looking ---- */

/* Both roots, that of hand-written pages first. */
static void get_roots(const struct visit *visit, int roots[2])
{
	roots[0] = visit->catalogue->pages_root;
	roots[1] = visit->catalogue->content_root;
}

static bool send_from_roots(struct visit *visit, struct str path, enum gemtext_form form)
{
	int roots[2];
	get_roots(visit, roots);
	return send_public(visit, roots[0], path, form) || send_public(visit, roots[1], path, form);
}

static bool exists(struct visit *visit, struct str path)
{
	int roots[2];
	get_roots(visit, roots);
	for (unsigned i = 0; i < 2; i++) {
		struct stat status;
		int fd = open_public(visit, roots[i], path, &status);
		if (fd >= 0) {
			close(fd);
			return true;
		}
	}
	return false;
}

/* A folder is its index.md, index.gmi or index.gemini (GEM-B1). `path` has no final slash. */
static bool answer_folder(struct visit *visit, struct str path, bool slash)
{
	static const struct str indices[] = { STR_INIT("index.gmi"), STR_INIT("index.gemini") };
	const struct post *page = catalogue_page(visit->catalogue, path);
	if (page != NULL) {
		struct route route = catalogue_route(visit->catalogue, page);
		visit_redirect(visit, &route, true);
		return true;
	}
	for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
		struct str index =
		    arena_format(visit->arena, "%.*s/%.*s", STR_ARGS(path), STR_ARGS(indices[i]));
		if (slash || visit->space == SPACE_GOPHER) {
			if (send_from_roots(visit, index, GEMTEXT_MENU))
				return true;
		} else if (exists(visit, index)) {
			struct route route = { .kind = ROUTE_FILE,
					       .name = arena_format(visit->arena, "%.*s/",
								    STR_ARGS(path)) };
			visit_redirect(visit, &route, true);
			return true;
		}
	}
	return false;
}

/* In Gopher the page about.gmi has the selector /about.txt. */
static bool answer_gemtext_page(struct visit *visit)
{
	if (visit->space != SPACE_GOPHER || visit->route.kind != ROUTE_PAGE)
		return false;
	struct str path = arena_format(visit->arena, "%.*s.gmi", STR_ARGS(visit->route.name));
	return !is_dotted(path) && send_from_roots(visit, path, GEMTEXT_TEXT);
}

bool files_answer(struct visit *visit)
{
	struct str path = str_skip(visit->request->path, 1);
	bool slash = str_ends(path, STR("/"));
	if (slash)
		path.len--;
	if (path.len == 0 || is_dotted(path) || is_hidden(visit, path))
		return false;
	if (!slash && (send_from_roots(visit, path, GEMTEXT_SOURCE) || answer_gemtext_page(visit)))
		return true;
	return answer_folder(visit, path, slash);
}

bool files_answer_old(struct visit *visit)
{
	struct str path = str_skip(visit->request->path, 1);
	for (size_t i = 0; path.len > 0 && old_address_root(i).len > 0; i++) {
		struct str below = arena_format(visit->arena, "%.*s%.*s",
						STR_ARGS(old_address_root(i)), STR_ARGS(path));
		if (is_dotted(below) || is_hidden(visit, below) || !exists(visit, below))
			continue;
		visit_redirect(visit, &(struct route){ .kind = ROUTE_FILE, .name = below }, true);
		return true;
	}
	return false;
}

/* ---- Well-known files ---- */

/* Both readings of the rules of groups agree (GEM-R4). */
static const char robots[] = "# Index and keep what you like; only leave the search alone.\n"
			     "User-agent: *\n"
			     "Disallow: /search\n"
			     "Disallow: /random\n";

/* GOPH-101 */
static void write_caps(const struct visit *visit, struct buf *out)
{
	const struct settings *settings = visit->settings;
	buf_add(out, STR("CAPS\n"
			 "CapsVersion=1\n"
			 "ExpireCapsAfter=3600\n"
			 "PathDelimeter=/\n"
			 "PathIdentity=.\n"
			 "PathParent=..\n"
			 "PathParentDouble=FALSE\n"
			 "PathKeepPreDelimeter=FALSE\n"
			 "ServerSoftware=Perigee\n"));
	buf_format(out, "ServerDescription=%.*s\n", STR_ARGS(settings->title));
	if (settings->author_email.len > 0)
		buf_format(out, "ServerAdmin=%.*s\n", STR_ARGS(settings->author_email));
	buf_add(out, STR("ServerDefaultEncoding=UTF-8\n"));
}

bool files_well_known(struct visit *visit)
{
	struct str path = visit->request->path;
	bool is_robots = str_equal(path, STR("/robots.txt"));
	bool is_caps = visit->space == SPACE_GOPHER && str_equal(path, STR("/caps.txt"));
	if (!is_robots && !is_caps)
		return false;
	struct buf *body = visit_text(visit, STR("text/plain"));
	visit->response->item = '0';
	visit->response->cacheable = false; /* the author may place a file of his own */
	if (is_robots)
		buf_add(body, str_from(robots));
	else
		write_caps(visit, body);
	return true;
}
