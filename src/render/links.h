/*
 * links - which links a page has shown, under which numbers, and what their lines say.
 *
 * The text of a block is written first; while that is done every link and footnote in
 * it is noted here. Then the writer has the lines of the group that has come together
 * printed: after a paragraph, a section, or at the end (cases/conversion.md, "Links").
 *
 *	unsigned n = links_use(&links, LINKS_FLOW, run->link); // 0: no number is shown
 *	...
 *	if (links_pending(&links))
 *		links_flush(&links, LINKS_FLOW, &out);
 */
#ifndef RENDER_LINKS_H
#define RENDER_LINKS_H

#include "base/arena.h"
#include "base/hash_index.h"
#include "base/map.h"
#include "render/ascii.h"
#include "render/style.h"

/* One address that the page leads to, or one footnote. */
struct reference {
	struct str url;
	uint32_t link;      /* the first link that leads there; NO_LINK: a footnote */
	uint32_t note;      /* of a footnote: its place among them */
	uint32_t number;    /* 0 = none */
	uint32_t serial[2]; /* the last group of either sort that it was noted for */
	uint32_t paragraph; /* the last one that was asked about, and the first link to it there */
	uint32_t link_there;
};

/*
 * Where lines come together: those of the flow of text, which may be kept for later, and
 * those of a paragraph that is nothing but links (L07).
 */
enum links_group {
	LINKS_FLOW,
	LINKS_OWN,
};

/* One address of such a group, and the link that it was noted for. */
struct noted {
	uint32_t reference, link;
};

struct links_noted {
	struct noted *at;
	size_t count, capacity;
	uint32_t serial;
};

struct links {
	const struct document *document;
	const struct style *style;
	enum space space;
	bool numbered; /* links have numbers (footnotes always do) */
	bool off;      /* no link is shown as one */
	bool ascii;

	/* its own; begin with zeros */
	struct arena arena;
	struct hash_index by_url; /* references of links */
	struct map labels;
	struct reference *references;
	size_t nreferences, references_capacity;
	uint32_t *numbers; /* numbers[n - 1] is the reference with number n */
	size_t nnumbers, numbers_capacity;
	struct links_noted noted[2]; /* since the last flush, by enum links_group */
	uint32_t *tallies;           /* how often a label stands in this group: index by map */
	size_t ntallies, tallies_capacity;
	uint32_t tally_serial, paragraphs; /* groups and paragraphs that were asked about */
	struct buf scratch;
	uint32_t *notes; /* by footnote: its number, 0 = not yet */
	size_t nnotes, notes_capacity;
};

void links_free(struct links *);

/* Whether a link is shown as one: it leads somewhere, and links are not off. */
static inline bool links_is_live(const struct links *l, uint32_t link)
{
	return link != NO_LINK && !l->off && l->document->links[link].target.kind != TARGET_NONE;
}

/* The number of a link, given on first use; 0 where it has none. */
unsigned links_number(struct links *, uint32_t link);

/* The same, and notes that the link is to be shown in a line. */
unsigned links_use(struct links *, enum links_group, uint32_t link);

/* The number of a footnote, given on first use. One counter with numbered links (F01). */
unsigned links_use_note(struct links *, uint32_t note);

static inline bool links_pending(const struct links *l)
{
	return l->noted[LINKS_FLOW].count > 0;
}

#define LINKS_LABEL_COLUMNS 200 /* of one line of a link; what is longer is cut at a word */

/* Prints the group as gemtext link lines, each address once (L01), and begins a new one. */
void links_flush(struct links *, enum links_group, struct buf *out);

/*
 * Prints one gemtext link line. `label` may be empty; it becomes one line of at most 200
 * columns.
 */
void links_line(struct links *, struct str url, unsigned number, struct str label, struct buf *out);

/* The address as this page prints it; lives until links_free(). */
struct str links_url(struct links *, uint32_t link);

/* The label of a link without title and context: "Image: " and the like, but no marks. */
void links_label(const struct links *, uint32_t link, struct buf *out);

/* Appends words in the charset of the page. */
static inline void links_words(const struct links *l, struct str text, struct buf *out)
{
	if (l->ascii)
		ascii_add(text, out);
	else
		buf_add(out, text);
}

/*
 * Whether, in a paragraph that is begun by links_begin_paragraph(), a link leads where an earlier
 * one did under another label that says something by itself: in lines of links it would be lost.
 */
void links_begin_paragraph(struct links *);
bool links_repeats(struct links *, uint32_t link);

/* Whether a label says nothing without the sentence around it (L05). */
bool links_is_weak(struct str label);

/* The title, where it says something that the label does not; else empty. */
struct str links_title(const struct links *, uint32_t link, struct str label);

#endif
