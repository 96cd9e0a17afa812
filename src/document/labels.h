/*
 * labels - the words of the page furniture, per language.
 *
 * One row a language in labels.c (en, vi, ...); the settings' `labels:` replace single words.
 *
 *	struct labels labels;
 *	labels_for(&labels, STR("vi-VN"));
 *	labels.word[LABEL_IMAGE]                        // "Hình"
 */
#ifndef DOCUMENT_LABELS_H
#define DOCUMENT_LABELS_H

#include "base/str.h"

/* identifier, name in the settings, the English word */
/* clang-format off */
#define LABELS(X) \
	X(IMAGE, "image", "Image") \
	X(NOTES, "notes", "Notes") \
	X(LINKS, "links", "Links") \
	X(TABLE, "table", "Table") \
	X(MATH, "math", "Math") \
	X(SERIES, "series", "Series") \
	X(KEYWORD, "keyword", "Keyword") \
	X(KEYWORDS, "keywords", "Keywords") \
	X(VIDEO, "video", "Video") \
	X(EMBEDDED, "embedded", "Embedded") \
	X(GIST, "gist", "Gist") \
	X(SOCIAL_POST, "social_post", "Post") \
	X(ALERT_NOTE, "alert_note", "Note") \
	X(ALERT_TIP, "alert_tip", "Tip") \
	X(ALERT_IMPORTANT, "alert_important", "Important") \
	X(ALERT_WARNING, "alert_warning", "Warning") \
	X(ALERT_CAUTION, "alert_caution", "Caution") \
	X(LATEST_POSTS, "latest_posts", "Latest posts") \
	X(ALL_POSTS, "all_posts", "All posts by year") \
	X(ALL_SERIES, "all_series", "All series") \
	X(ALL_KEYWORDS, "all_keywords", "All keywords") \
	X(ALL_PARTS, "all_parts", "All parts") \
	X(PART_COUNT, "part_count", "%u parts") \
	X(ONE_PART, "one_part", "1 part") \
	X(IN_READING_ORDER, "in_reading_order", "in reading order") \
	X(PART_NUMBER, "part_number", "Part %u") \
	X(PART_OF, "part_of", "Part %u of %u of") \
	X(POST_COUNT, "post_count", "%u posts") \
	X(ONE_POST, "one_post", "1 post") \
	X(SINCE, "since", "since") \
	X(MORE, "more", "More") \
	X(ARCHIVE, "archive", "Archive") \
	X(YEAR, "year", "Year") \
	X(OLDER_POSTS, "older_posts", "Older posts") \
	X(NEWER_POSTS, "newer_posts", "Newer posts") \
	X(NEXT_PAGE, "next_page", "Next page") \
	X(PREVIOUS_PAGE, "previous_page", "Previous page") \
	X(PREVIOUS_PART, "previous_part", "Previous part") \
	X(NEXT_PART, "next_part", "Next part") \
	X(OLDER, "older", "Older") \
	X(NEWER, "newer", "Newer") \
	X(RELATED, "related", "Related") \
	X(RELATED_KEYWORD, "related_keyword", "See also") \
	X(SOURCE, "source", "Source in Markdown") \
	X(WITH_LINKS, "with_links", "With live links") \
	X(UPDATED, "updated", "Updated") \
	X(SEARCH, "search", "Search") \
	X(SEARCH_PROMPT, "search_prompt", "Words to search for") \
	X(SEARCH_AGAIN, "search_again", "Search again") \
	X(NOTHING_FOUND, "nothing_found", "Nothing found.") \
	X(MORE_THAN_POSTS, "more_than_posts", "More than %u posts") \
	X(NOT_ALL_SEARCHED, "not_all_searched", "Not all posts were looked at: ask for less.") \
	X(NOT_ALL_INDEXED, "not_all_indexed", "Some posts cannot be found yet: ask again later.") \
	X(RANDOM_POST, "random_post", "A random post") \
	X(FEED, "feed", "Atom feed") \
	X(FEED_OF_SERIES, "feed_of_series", "Atom feed of this series") \
	X(FEED_OF_KEYWORD, "feed_of_keyword", "Atom feed of this keyword") \
	X(IN_GOPHER, "in_gopher", "This capsule in Gopherspace") \
	X(IN_GEMINI, "in_gemini", "This capsule in Gemini") \
	X(NOT_FOUND, "not_found", "Not found") \
	X(DID_YOU_MEAN, "did_you_mean", "did you mean") \
	X(NO_SUCH_ADDRESS, "no_such_address", "no post, page or file has this address") \
	X(GONE, "gone", "Gone")
/* clang-format on */

enum label {
#define LABEL_ID(id, name, english) LABEL_##id,
	LABELS(LABEL_ID)
#undef LABEL_ID
	    LABEL_COUNT
};

struct labels {
	struct str word[LABEL_COUNT];
};

/* The words of a language: its own row, that of its primary subtag, or English. */
void labels_for(struct labels *, struct str lang);

/*
 * Replaces the word named `name` in the settings; false when there is no such name. A word whose
 * English holds %u must hold as many.
 */
bool labels_set(struct labels *, struct str name, struct str word);

#endif
