#include "content/header_keys.h"

/* In lower case without `-` and `_`; of several names of a field the first here wins. */
static const struct {
	struct str name;
	enum header_field field;
} keys[] = {
	{ STR_INIT("title"), FIELD_TITLE },
	{ STR_INIT("linktitle"), FIELD_LIST_TITLE },
	{ STR_INIT("shorttitle"), FIELD_LIST_TITLE },
	{ STR_INIT("description"), FIELD_DESCRIPTION },
	{ STR_INIT("summary"), FIELD_DESCRIPTION },
	{ STR_INIT("excerpt"), FIELD_DESCRIPTION },
	{ STR_INIT("subtitle"), FIELD_DESCRIPTION },
	{ STR_INIT("abstract"), FIELD_DESCRIPTION },
	{ STR_INIT("slug"), FIELD_SLUG },
	{ STR_INIT("lang"), FIELD_LANG },
	{ STR_INIT("language"), FIELD_LANG },
	{ STR_INIT("locale"), FIELD_LANG },
	{ STR_INIT("author"), FIELD_AUTHOR },
	{ STR_INIT("authors"), FIELD_AUTHOR },
	{ STR_INIT("license"), FIELD_LICENSE },
	{ STR_INIT("licence"), FIELD_LICENSE },
	{ STR_INIT("rights"), FIELD_LICENSE },
	{ STR_INIT("coverimage"), FIELD_COVER },
	{ STR_INIT("cover"), FIELD_COVER },
	{ STR_INIT("image"), FIELD_COVER },
	{ STR_INIT("featuredimage"), FIELD_COVER },
	{ STR_INIT("images"), FIELD_COVER },
	{ STR_INIT("links"), FIELD_LINKS },
	{ STR_INIT("series"), FIELD_SERIES },
	{ STR_INIT("date"), FIELD_DATE },
	{ STR_INIT("publishdate"), FIELD_DATE },
	{ STR_INIT("publishedat"), FIELD_DATE },
	{ STR_INIT("pubdate"), FIELD_DATE },
	{ STR_INIT("published"), FIELD_PUBLISHED },
	{ STR_INIT("created"), FIELD_DATE },
	{ STR_INIT("createdat"), FIELD_DATE },
	{ STR_INIT("lastmod"), FIELD_UPDATED },
	{ STR_INIT("updated"), FIELD_UPDATED },
	{ STR_INIT("lastmodifiedat"), FIELD_UPDATED },
	{ STR_INIT("modified"), FIELD_UPDATED },
	{ STR_INIT("updatedat"), FIELD_UPDATED },
	{ STR_INIT("datemodified"), FIELD_UPDATED },
	{ STR_INIT("expirydate"), FIELD_EXPIRES },
	{ STR_INIT("unpublishdate"), FIELD_EXPIRES },
	{ STR_INIT("seriesorder"), FIELD_WEIGHT },
	{ STR_INIT("seriesweight"), FIELD_WEIGHT },
	{ STR_INIT("seriespart"), FIELD_WEIGHT },
	{ STR_INIT("part"), FIELD_WEIGHT },
	{ STR_INIT("weight"), FIELD_WEIGHT },
	{ STR_INIT("order"), FIELD_WEIGHT },
	{ STR_INIT("navorder"), FIELD_WEIGHT },
	{ STR_INIT("math"), FIELD_MATH },
	{ STR_INIT("type"), FIELD_KIND },
	{ STR_INIT("layout"), FIELD_KIND },
	{ STR_INIT("draft"), FIELD_DRAFT },
	{ STR_INIT("keyword"), FIELD_KEYWORDS },
	{ STR_INIT("keywords"), FIELD_KEYWORDS },
	{ STR_INIT("tag"), FIELD_KEYWORDS },
	{ STR_INIT("tags"), FIELD_WORDS },
	{ STR_INIT("category"), FIELD_KEYWORDS },
	{ STR_INIT("categories"), FIELD_WORDS },
	{ STR_INIT("topics"), FIELD_KEYWORDS },
	{ STR_INIT("aliases"), FIELD_ALIASES },
	{ STR_INIT("alias"), FIELD_ALIASES },
	{ STR_INIT("redirectfrom"), FIELD_ALIASES },
	{ STR_INIT("permalink"), FIELD_PERMALINK },
	{ STR_INIT("url"), FIELD_PERMALINK },
	{ STR_INIT("path"), FIELD_PERMALINK },
};

#define KEY_COUNT (sizeof keys / sizeof *keys)
_Static_assert(KEY_COUNT <= HEADER_RANKS, "a rank is a place in the table");

bool header_find_key(struct str name, enum header_field *field, size_t *rank)
{
	char plain[24];
	size_t n = 0;
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '-' || name.at[i] == '_')
			continue;
		if (n == sizeof plain)
			return false;
		plain[n++] = str_lower(name.at[i]);
	}
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (!str_equal(keys[i].name, (struct str){ plain, n }))
			continue;
		*field = keys[i].field;
		*rank = i;
		return true;
	}
	return false;
}
