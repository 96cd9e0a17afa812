#include "content/search_tokens.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

typedef int token_receiver(void *context, int flags, const char *token, int size, int start,
			   int end);

/* What a connection's tokenizers share. */
struct origin {
	fts5_tokenizer unicode61;
	struct pair_set *pairs;
};

struct tokenizer {
	const fts5_tokenizer *unicode61;
	Fts5Tokenizer *instance;
	struct pair_set *pairs; /* of documents */
	struct buf key, plain;  /* of the word at hand */
};

/* What one call of unicode61 passes through. */
struct passage {
	struct tokenizer *tokenizer;
	const char *text;
	int offset, flags; /* of this part in the whole text; of the call */
	void *context;
	token_receiver *receive;
};

static int pass_on(const struct passage *p, int flags, struct str token, int start, int end)
{
	if (p->flags & FTS5_TOKENIZE_DOCUMENT)
		pair_set_add(p->tokenizer->pairs, token, flags & FTS5_TOKEN_COLOCATED);
	return p->receive(p->context, flags, token.at, (int)token.len, start, end);
}

static int emit(const struct passage *p, int flags, size_t start, size_t end)
{
	return pass_on(p, flags, (struct str){ p->text + start, end - start }, (int)start,
		       (int)end);
}

/*
 * Pairs of one run without blanks in [start, end). The lone last character lies on the position
 * of the pair before it, so that phrases which go on behind the run still match; questions
 * contain it only when it is all there is.
 */
static int emit_pairs(const struct passage *p, size_t start, size_t end)
{
	struct str run = { p->text, end };
	uint32_t code;
	size_t at = start, npairs = 0;
	for (;;) {
		size_t first = utf8_decode(str_skip(run, at), &code);
		if (at + first >= end)
			break;
		size_t second = utf8_decode(str_skip(run, at + first), &code);
		int result = emit(p, 0, at, at + first + second);
		if (result != SQLITE_OK)
			return result;
		at += first;
		npairs++;
	}
	if (npairs > 0 && (p->flags & FTS5_TOKENIZE_QUERY))
		return SQLITE_OK;
	return emit(p, npairs > 0 ? FTS5_TOKEN_COLOCATED : 0, at, end);
}

/* Letters that Unicode does not take apart; readers without such keys type these instead. */
static const struct {
	struct str letter, plain;
} plain_letters[] = {
	{ STR_INIT("đ"), STR_INIT("d") },  { STR_INIT("ð"), STR_INIT("d") },
	{ STR_INIT("ħ"), STR_INIT("h") },  { STR_INIT("ı"), STR_INIT("i") },
	{ STR_INIT("ł"), STR_INIT("l") },  { STR_INIT("ø"), STR_INIT("o") },
	{ STR_INIT("ŧ"), STR_INIT("t") },  { STR_INIT("æ"), STR_INIT("ae") },
	{ STR_INIT("œ"), STR_INIT("oe") }, { STR_INIT("þ"), STR_INIT("th") },
};

static struct str plain_of(struct str letter)
{
	for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++)
		if (str_equal(plain_letters[i].letter, letter))
			return plain_letters[i].plain;
	return letter;
}

static bool is_ascii(const char *token, int size)
{
	for (int i = 0; i < size; i++)
		if ((unsigned char)token[i] >= 0x80)
			return false;
	return true;
}

/*
 * unicode61 takes the marks off Latin letters only, and knows one letter for another; here ß is ss
 * and a final sigma is a sigma.
 */
static int deliver(const struct passage *p, int flags, const char *token, int size, int start,
		   int end)
{
	struct str whole = { token, (size_t)size };
	/* Who asks for places does not look at the token. */
	if (p->flags & FTS5_TOKENIZE_AUX || is_ascii(token, size))
		return pass_on(p, flags, whole, start, end);
	struct buf *key = &p->tokenizer->key, *plain = &p->tokenizer->plain;
	buf_clear(key);
	buf_clear(plain);
	utf8_sort_key(key, whole);
	for (struct str rest = buf_str(key); rest.len > 0;) {
		uint32_t code;
		size_t n = utf8_decode(rest, &code);
		buf_add(plain, plain_of(str_sub(rest, 0, n)));
		rest = str_skip(rest, n);
	}
	/* Marks alone stay what they are. */
	return pass_on(p, flags, plain->len > 0 ? buf_str(plain) : whole, start, end);
}

static int receive_part(void *context, int flags, const char *token, int size, int start, int end)
{
	const struct passage *p = context;
	return deliver(p, flags, token, size, start + p->offset, end + p->offset);
}

/* A part in another script beside such a run: asked once more, for it must be folded too. */
static int emit_part(const struct passage *p, size_t start, size_t end)
{
	struct tokenizer *t = p->tokenizer;
	struct passage part = *p;
	part.offset = (int)start;
	return t->unicode61->xTokenize(t->instance, &part, p->flags, p->text + start,
				       (int)(end - start), receive_part);
}

/* No character of a script without blanks is encoded with smaller bytes only. Most words are known
 * by that. */
#define UNSPACED_BYTE 0xe0

static bool has_unspaced(struct str text)
{
	uint32_t code;
	size_t at = 0;
	while (at < text.len && (unsigned char)text.at[at] < UNSPACED_BYTE)
		at++;
	for (text = str_skip(text, at); text.len > 0; text = str_skip(text, at)) {
		at = utf8_decode(text, &code);
		if (utf8_is_unspaced(code))
			return true;
	}
	return false;
}

static int receive(void *context, int flags, const char *token, int size, int start, int end)
{
	const struct passage *p = context;
	struct str whole = { p->text, (size_t)end };
	size_t at = (size_t)start, part = at;
	uint32_t code;
	if (!has_unspaced(str_sub(whole, at, whole.len)))
		return deliver(p, flags, token, size, start, end);

	/* Mixed runs ("Linuxの使い方") are cut where the script changes. */
	bool unspaced = false;
	int result = SQLITE_OK;
	while (at < whole.len && result == SQLITE_OK) {
		size_t n = utf8_decode(str_skip(whole, at), &code);
		bool now_unspaced = utf8_is_unspaced(code);
		if (at > part && now_unspaced != unspaced) {
			result = unspaced ? emit_pairs(p, part, at) : emit_part(p, part, at);
			part = at;
		}
		unspaced = now_unspaced;
		at += n;
	}
	if (result != SQLITE_OK || at == part)
		return result;
	return unspaced ? emit_pairs(p, part, at) : emit_part(p, part, at);
}

static int tokenize(Fts5Tokenizer *handle, void *context, int flags, const char *text, int size,
		    token_receiver *receiver)
{
	struct tokenizer *t = (struct tokenizer *)handle;
	struct passage passage = { t, text, 0, flags, context, receiver };
	if (flags & FTS5_TOKENIZE_DOCUMENT)
		pair_set_begin(t->pairs);
	return t->unicode61->xTokenize(t->instance, &passage, flags, text, size, receive);
}

static int create(void *context, const char **arguments, int narguments, Fts5Tokenizer **handle)
{
	(void)arguments, (void)narguments;
	static const char *options[] = { "remove_diacritics", "2" };
	struct origin *origin = context;
	struct tokenizer *t = memory_new(sizeof *t);
	t->unicode61 = &origin->unicode61;
	t->pairs = origin->pairs;
	int result = t->unicode61->xCreate(NULL, options, 2, &t->instance);
	if (result != SQLITE_OK) {
		free(t);
		return result;
	}
	*handle = (Fts5Tokenizer *)t;
	return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *handle)
{
	struct tokenizer *t = (struct tokenizer *)handle;
	t->unicode61->xDelete(t->instance);
	buf_free(&t->key);
	buf_free(&t->plain);
	free(t);
}

struct splitting {
	struct str text;
	struct search_tokens *tokens;
	struct buf last; /* in no pair yet */
};

static int take_token(void *context, int flags, const char *token, int size, int start, int end)
{
	struct splitting *splitting = context;
	struct search_tokens *tokens = splitting->tokens;
	(void)flags;
	if (tokens->count == tokens->most)
		return SQLITE_DONE;
	tokens->at[tokens->count++] = str_sub(splitting->text, (size_t)start, (size_t)end);
	if (splitting->last.len > 0)
		pair_set_add(tokens->pairs, buf_str(&splitting->last), false);
	buf_clear(&splitting->last);
	buf_add(&splitting->last, (struct str){ token, (size_t)size });
	return SQLITE_OK;
}

/* The engine's own way of asking our tokenizer. */
static void ask_tokens(fts5_api *engine, int flags, struct str text, void *context,
		       token_receiver *receiver)
{
	fts5_tokenizer perigee;
	Fts5Tokenizer *instance;
	void *origin;
	if (engine == NULL ||
	    engine->xFindTokenizer(engine, "perigee", &origin, &perigee) != SQLITE_OK ||
	    perigee.xCreate(origin, NULL, 0, &instance) != SQLITE_OK)
		return;
	perigee.xTokenize(instance, context, flags, text.at, (int)text.len, receiver);
	perigee.xDelete(instance);
}

void search_tokens_split(fts5_api *engine, struct str text, bool goes_on,
			 struct search_tokens *tokens)
{
	struct splitting splitting = { .text = text, .tokens = tokens };
	pair_set_begin(tokens->pairs);
	ask_tokens(engine, FTS5_TOKENIZE_QUERY, text, &splitting, take_token);
	if (!goes_on && splitting.last.len > 0)
		pair_set_add(tokens->pairs, buf_str(&splitting.last), false);
	buf_free(&splitting.last);
}

struct counting {
	int before;
	size_t place;
};

static int count_token(void *context, int flags, const char *token, int size, int start, int end)
{
	struct counting *counting = context;
	(void)token, (void)size, (void)end;
	if (flags & FTS5_TOKEN_COLOCATED || counting->before-- > 0)
		return SQLITE_OK;
	counting->place = (size_t)start;
	return SQLITE_DONE;
}

size_t search_tokens_place(fts5_api *engine, struct str text, int before)
{
	struct counting counting = { before, STR_NOT_FOUND };
	ask_tokens(engine, FTS5_TOKENIZE_AUX, text, &counting, count_token);
	return counting.place;
}

fts5_api *search_tokens_engine(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
		sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return api;
}

bool search_tokens_register(sqlite3 *db, struct pair_set *pairs)
{
	static fts5_tokenizer perigee = { create, destroy, tokenize };
	fts5_api *api = search_tokens_engine(db);
	void *context = NULL;
	struct origin *origin = memory_new(sizeof *origin);
	origin->pairs = pairs;
	if (api == NULL ||
	    api->xFindTokenizer(api, "unicode61", &context, &origin->unicode61) != SQLITE_OK ||
	    api->xCreateTokenizer(api, "perigee", origin, &perigee, free) != SQLITE_OK) {
		free(origin);
		return false;
	}
	return true;
}
