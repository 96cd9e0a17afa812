#include "site/media.h"

static const struct media {
	struct str ending, type;
} table[] = {
	{ STR_INIT("gmi"), STR_INIT("text/gemini") },
	{ STR_INIT("gemini"), STR_INIT("text/gemini") },
	{ STR_INIT("txt"), STR_INIT("text/plain") },
	{ STR_INIT("text"), STR_INIT("text/plain") },
	{ STR_INIT("asc"), STR_INIT("text/plain") },
	{ STR_INIT("log"), STR_INIT("text/plain") },
	{ STR_INIT("md"), STR_INIT("text/markdown") },
	{ STR_INIT("markdown"), STR_INIT("text/markdown") },
	{ STR_INIT("xml"), STR_INIT("application/xml") },
	{ STR_INIT("atom"), STR_INIT("application/atom+xml") },
	{ STR_INIT("rss"), STR_INIT("application/rss+xml") },
	{ STR_INIT("html"), STR_INIT("text/html") },
	{ STR_INIT("htm"), STR_INIT("text/html") },
	{ STR_INIT("css"), STR_INIT("text/css") },
	{ STR_INIT("csv"), STR_INIT("text/csv") },
	{ STR_INIT("tsv"), STR_INIT("text/tab-separated-values") },
	{ STR_INIT("js"), STR_INIT("text/javascript") },
	{ STR_INIT("json"), STR_INIT("application/json") },
	{ STR_INIT("yaml"), STR_INIT("text/yaml") },
	{ STR_INIT("yml"), STR_INIT("text/yaml") },
	{ STR_INIT("toml"), STR_INIT("text/plain") },
	{ STR_INIT("ini"), STR_INIT("text/plain") },
	{ STR_INIT("cfg"), STR_INIT("text/plain") },
	{ STR_INIT("conf"), STR_INIT("text/plain") },
	{ STR_INIT("tex"), STR_INIT("text/x-tex") },
	{ STR_INIT("bib"), STR_INIT("text/x-bibtex") },
	{ STR_INIT("c"), STR_INIT("text/x-c") },
	{ STR_INIT("h"), STR_INIT("text/x-c") },
	{ STR_INIT("cpp"), STR_INIT("text/x-c") },
	{ STR_INIT("cc"), STR_INIT("text/x-c") },
	{ STR_INIT("hpp"), STR_INIT("text/x-c") },
	{ STR_INIT("rs"), STR_INIT("text/x-rust") },
	{ STR_INIT("go"), STR_INIT("text/x-go") },
	{ STR_INIT("java"), STR_INIT("text/x-java") },
	{ STR_INIT("hs"), STR_INIT("text/x-haskell") },
	{ STR_INIT("py"), STR_INIT("text/x-python") },
	{ STR_INIT("pl"), STR_INIT("text/x-perl") },
	{ STR_INIT("rb"), STR_INIT("text/x-ruby") },
	{ STR_INIT("lua"), STR_INIT("text/x-lua") },
	{ STR_INIT("jl"), STR_INIT("text/x-julia") },
	{ STR_INIT("r"), STR_INIT("text/x-r") },
	{ STR_INIT("sh"), STR_INIT("text/x-shellscript") },
	{ STR_INIT("sql"), STR_INIT("text/x-sql") },
	{ STR_INIT("awk"), STR_INIT("text/x-awk") },
	{ STR_INIT("el"), STR_INIT("text/x-lisp") },
	{ STR_INIT("lisp"), STR_INIT("text/x-lisp") },
	{ STR_INIT("diff"), STR_INIT("text/x-diff") },
	{ STR_INIT("patch"), STR_INIT("text/x-patch") },
	{ STR_INIT("rst"), STR_INIT("text/x-rst") },
	{ STR_INIT("ics"), STR_INIT("text/calendar") },
	{ STR_INIT("vtt"), STR_INIT("text/vtt") },
	{ STR_INIT("srt"), STR_INIT("application/x-subrip") },
	{ STR_INIT("ipynb"), STR_INIT("application/x-ipynb+json") },
	{ STR_INIT("png"), STR_INIT("image/png") },
	{ STR_INIT("jpg"), STR_INIT("image/jpeg") },
	{ STR_INIT("jpeg"), STR_INIT("image/jpeg") },
	{ STR_INIT("gif"), STR_INIT("image/gif") },
	{ STR_INIT("webp"), STR_INIT("image/webp") },
	{ STR_INIT("avif"), STR_INIT("image/avif") },
	{ STR_INIT("svg"), STR_INIT("image/svg+xml") },
	{ STR_INIT("bmp"), STR_INIT("image/bmp") },
	{ STR_INIT("tif"), STR_INIT("image/tiff") },
	{ STR_INIT("tiff"), STR_INIT("image/tiff") },
	{ STR_INIT("ico"), STR_INIT("image/vnd.microsoft.icon") },
	{ STR_INIT("mp3"), STR_INIT("audio/mpeg") },
	{ STR_INIT("ogg"), STR_INIT("audio/ogg") },
	{ STR_INIT("oga"), STR_INIT("audio/ogg") },
	{ STR_INIT("opus"), STR_INIT("audio/ogg") },
	{ STR_INIT("wav"), STR_INIT("audio/wav") },
	{ STR_INIT("flac"), STR_INIT("audio/flac") },
	{ STR_INIT("m4a"), STR_INIT("audio/mp4") },
	{ STR_INIT("aac"), STR_INIT("audio/aac") },
	{ STR_INIT("mid"), STR_INIT("audio/midi") },
	{ STR_INIT("mp4"), STR_INIT("video/mp4") },
	{ STR_INIT("webm"), STR_INIT("video/webm") },
	{ STR_INIT("ogv"), STR_INIT("video/ogg") },
	{ STR_INIT("mkv"), STR_INIT("video/x-matroska") },
	{ STR_INIT("pdf"), STR_INIT("application/pdf") },
	{ STR_INIT("epub"), STR_INIT("application/epub+zip") },
	{ STR_INIT("gpub"), STR_INIT("application/gpub+zip") },
	{ STR_INIT("zip"), STR_INIT("application/zip") },
	{ STR_INIT("gz"), STR_INIT("application/gzip") },
	{ STR_INIT("tgz"), STR_INIT("application/gzip") },
	{ STR_INIT("bz2"), STR_INIT("application/x-bzip2") },
	{ STR_INIT("xz"), STR_INIT("application/x-xz") },
	{ STR_INIT("tar"), STR_INIT("application/x-tar") },
	{ STR_INIT("pem"), STR_INIT("application/x-pem-file") },
};

struct str media_type(struct str name)
{
	size_t slash = str_find_last(name, '/');
	if (slash != STR_NOT_FOUND)
		name = str_skip(name, slash + 1);
	size_t dot = str_find_last(name, '.');
	/* README, LICENSE, Makefile: without an ending, but texts. */
	if (dot == STR_NOT_FOUND || dot == 0)
		return STR("text/plain");
	struct str ending = str_skip(name, dot + 1);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_equal_nocase(table[i].ending, ending))
			return table[i].type;
	return STR("application/octet-stream");
}
