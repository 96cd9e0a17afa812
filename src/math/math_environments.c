#include "math/math_parser.h"
#include "math/math_scan.h"

#define MOST_COLUMNS 64

struct environment {
	struct str name; /* without a star */
	enum math_shape shape;
	const char *open, *close; /* names of delimiters, or NULL */
	int skip;                 /* arguments that say nothing here */
	bool columns;             /* the next argument describes the columns */
	bool gaps;                /* of aligned: pairs of columns stand apart */
};

static const struct environment environments[] = {
	{ STR_INIT("matrix"), MATH_SHAPE_GRID, NULL, NULL, 0, false, false },
	{ STR_INIT("smallmatrix"), MATH_SHAPE_GRID, NULL, NULL, 0, false, false },
	{ STR_INIT("pmatrix"), MATH_SHAPE_GRID, "(", ")", 0, false, false },
	{ STR_INIT("psmallmatrix"), MATH_SHAPE_GRID, "(", ")", 0, false, false },
	{ STR_INIT("bmatrix"), MATH_SHAPE_GRID, "[", "]", 0, false, false },
	{ STR_INIT("bsmallmatrix"), MATH_SHAPE_GRID, "[", "]", 0, false, false },
	{ STR_INIT("Bmatrix"), MATH_SHAPE_GRID, "{", "}", 0, false, false },
	{ STR_INIT("vmatrix"), MATH_SHAPE_GRID, "|", "|", 0, false, false },
	{ STR_INIT("Vmatrix"), MATH_SHAPE_GRID, "||", "||", 0, false, false },
	{ STR_INIT("array"), MATH_SHAPE_GRID, NULL, NULL, 0, true, false },
	{ STR_INIT("tabular"), MATH_SHAPE_GRID, NULL, NULL, 0, true, false },
	{ STR_INIT("cases"), MATH_SHAPE_CASES, "{", NULL, 0, false, false },
	{ STR_INIT("dcases"), MATH_SHAPE_CASES, "{", NULL, 0, false, false },
	{ STR_INIT("numcases"), MATH_SHAPE_CASES, "{", NULL, 1, false, false },
	{ STR_INIT("rcases"), MATH_SHAPE_CASES, NULL, "}", 0, false, false },
	{ STR_INIT("drcases"), MATH_SHAPE_CASES, NULL, "}", 0, false, false },
	{ STR_INIT("aligned"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("align"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("flalign"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("split"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("alignat"), MATH_SHAPE_ALIGNED, NULL, NULL, 1, false, false },
	{ STR_INIT("alignedat"), MATH_SHAPE_ALIGNED, NULL, NULL, 1, false, false },
	{ STR_INIT("eqnarray"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("IEEEeqnarray"), MATH_SHAPE_ALIGNED, NULL, NULL, 1, false, true },
	{ STR_INIT("gather"), MATH_SHAPE_CENTRED, NULL, NULL, 0, false, false },
	{ STR_INIT("gathered"), MATH_SHAPE_CENTRED, NULL, NULL, 0, false, false },
	{ STR_INIT("multline"), MATH_SHAPE_LINES, NULL, NULL, 0, false, false },
	{ STR_INIT("equation"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("displaymath"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("math"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("subequations"), MATH_SHAPE_ALIGNED, NULL, NULL, 0, false, true },
	{ STR_INIT("subarray"), MATH_SHAPE_STACKED, NULL, NULL, 1, false, false },
};

/* One that nobody knows still has its rows and columns. */
static const struct environment unknown = { STR_INIT(""), MATH_SHAPE_GRID, NULL, NULL, 0, false,
					    false };

static const struct environment *find_environment(struct str name)
{
	name = str_trim(name);
	if (str_ends(name, STR("*")))
		name.len--;
	for (size_t i = 0; i < sizeof environments / sizeof *environments; i++)
		if (str_equal(environments[i].name, name))
			return &environments[i];
	return &unknown;
}

/* \\[2pt] and \\*: how far the rows stand apart is not ours to say. */
static void skip_row_end(struct math_parser *p)
{
	math_next(p);
	if (p->at < p->tex.len && p->tex.at[p->at] == '*')
		p->at++;
	if (p->at == p->tex.len || p->tex.at[p->at] != '[')
		return;
	size_t end = p->at + 1;
	while (end < p->tex.len && end - p->at < 16 &&
	       (str_is_alpha(p->tex.at[end]) || str_is_digit(p->tex.at[end]) ||
		strchr("+-. \\", p->tex.at[end]) != NULL))
		end++;
	if (end < p->tex.len && p->tex.at[end] == ']')
		p->at = end + 1;
}

static bool skip_rule(struct math_parser *p)
{
	static const struct str rules[] = { STR_INIT("hline"), STR_INIT("hdashline"),
					    STR_INIT("toprule"), STR_INIT("midrule"),
					    STR_INIT("bottomrule") };
	struct math_token token = math_peek(p);
	if (token.kind != MATH_TOKEN_COMMAND)
		return false;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (str_equal(token.text, rules[i])) {
			math_next(p);
			return true;
		}
	return false;
}

static bool takes_token(struct math_parser *p, enum math_token_kind kind)
{
	if (math_peek(p).kind != kind)
		return false;
	math_next(p);
	return true;
}

/* The cells of one row, to its end or the environment's, which is not taken. */
static void parse_row(struct math_parser *p, struct math_matrix *matrix,
		      struct math_matrix_row *row, unsigned stops, bool three_columns)
{
	struct math_cell **end = &row->cells;
	p->tag = NULL;
	for (;;) {
		struct math_cell *cell = ARENA_NEW(p->arena, struct math_cell);
		bool continues = matrix->shape == MATH_SHAPE_ALIGNED && row->ncells % 2 == 1;
		cell->first = math_parse_list(p, stops | MATH_STOP_CELL, continues);
		/* a &=& b: the last two are one column of ours */
		if (three_columns && row->ncells == 1 && takes_token(p, MATH_TOKEN_COLUMN)) {
			struct math_node **last = &cell->first;
			while (*last != NULL)
				last = &(*last)->next;
			*last = math_parse_list(p, stops | MATH_STOP_CELL, true);
		}
		*end = cell;
		end = &cell->next;
		row->ncells++;
		if (p->broken || !takes_token(p, MATH_TOKEN_COLUMN))
			break;
	}
	row->tag = p->tag;
	if (row->ncells > matrix->ncolumns)
		matrix->ncolumns = row->ncells;
}

static bool is_empty_row(const struct math_matrix_row *row)
{
	return row->ncells == 1 && row->cells->first == NULL && row->tag == NULL;
}

static void parse_rows(struct math_parser *p, struct math_matrix *matrix, unsigned stops,
		       bool three_columns)
{
	struct math_matrix_row **end = &matrix->rows;
	struct math_node *outer_tag = p->tag;
	while (!p->broken) {
		struct math_matrix_row *row = ARENA_NEW(p->arena, struct math_matrix_row);
		while (skip_rule(p))
			row->rule = true;
		parse_row(p, matrix, row, stops, three_columns);
		bool more = !p->broken && math_peek(p).kind == MATH_TOKEN_ROW;
		if (!more && is_empty_row(row)) {
			matrix->last_rule = row->rule;
			break;
		}
		*end = row;
		end = &row->next;
		matrix->nrows++;
		if (!more)
			break;
		skip_row_end(p);
	}
	p->tag = outer_tag;
}

/* Of "{|c|c|}" what can be drawn: l, c, r and |. */
static struct str read_columns(struct math_parser *p)
{
	struct str source = math_take_argument(p);
	char *columns = arena_get(p->arena, MOST_COLUMNS);
	size_t n = 0, repeat = 1;
	for (size_t at = 0; at < source.len && n < MOST_COLUMNS; at++) {
		char c = source.at[at];
		struct str argument;
		size_t behind = at + 1;
		if (c == '*' && math_scan_argument(source, &behind, &argument)) {
			uint64_t count;
			repeat = str_number(argument, MOST_COLUMNS, &count) ? (size_t)count : 1;
			if (math_scan_argument(source, &behind, &argument) && argument.len == 1)
				while (repeat-- > 0 && n < MOST_COLUMNS)
					columns[n++] = argument.at[0];
			at = behind - 1;
		} else if (strchr("@!<>", c) && math_scan_argument(source, &behind, &argument)) {
			at = behind - 1;
		} else if (strchr("pmb", c) && math_scan_argument(source, &behind, &argument)) {
			columns[n++] = 'l';
			at = behind - 1;
		} else if (strchr("lcr|", c)) {
			columns[n++] = c;
		}
	}
	return (struct str){ columns, n };
}

static struct math_node *add_matrix(struct math_parser *p, struct math_list *list,
				    struct math_matrix *matrix)
{
	struct math_node *node = math_add(p, list, MATH_MATRIX, MATH_ORD);
	node->matrix = matrix;
	return node;
}

/* An equation of one row is its content; only then can it be broken when it is too wide. */
static bool is_plain(const struct math_matrix *matrix)
{
	return matrix->shape == MATH_SHAPE_ALIGNED && matrix->nrows == 1 && matrix->ncolumns == 1;
}

void math_parse_environment(struct math_parser *p, struct math_list *list)
{
	struct str name = math_take_argument(p);
	const struct environment *environment = find_environment(name);
	struct math_matrix *matrix = ARENA_NEW(p->arena, struct math_matrix);
	matrix->shape = environment->shape;
	matrix->gaps = environment->gaps;
	if (str_equal(math_peek(p).text, STR("[")) &&
	    (environment->columns || str_ends(name, STR("ed")) || str_ends(name, STR("*"))))
		math_parse_option(p);
	for (int i = 0; i < environment->skip; i++)
		math_take_argument(p);
	if (environment->columns)
		matrix->columns = read_columns(p);
	parse_rows(p, matrix, MATH_STOP_CLOSE, str_starts(name, STR("eqnarray")));
	math_next(p); /* \end */
	math_take_argument(p);
	if (is_plain(matrix)) {
		struct math_matrix_row *row = matrix->rows;
		p->tag = row->tag ? row->tag : p->tag;
		math_append(list, row->cells->first);
		return;
	}
	struct math_node *node = add_matrix(p, list, matrix);
	node->open = environment->open ? math_delimiter_find(str_from(environment->open)) : NULL;
	node->close = environment->close ? math_delimiter_find(str_from(environment->close)) : NULL;
	node->left = node->open ? MATH_OPEN : MATH_ORD;
	node->right = node->close ? MATH_CLOSE : MATH_ORD;
}

void math_parse_stack_of_rows(struct math_parser *p, struct math_list *list, enum math_shape shape)
{
	struct math_matrix *matrix = ARENA_NEW(p->arena, struct math_matrix);
	matrix->shape = shape;
	if (!takes_token(p, MATH_TOKEN_OPEN))
		math_break(p);
	parse_rows(p, matrix, MATH_STOP_BRACE, false);
	math_next(p);
	add_matrix(p, list, matrix);
}

struct math_node *math_parse_rows(struct math_parser *p)
{
	struct math_list list = { 0 };
	struct math_matrix *matrix = ARENA_NEW(p->arena, struct math_matrix);
	matrix->shape = MATH_SHAPE_ALIGNED;
	matrix->gaps = true;
	parse_rows(p, matrix, MATH_STOP_END, false);
	if (matrix->nrows == 0)
		return NULL;
	if (is_plain(matrix)) {
		p->tag = matrix->rows->tag;
		return matrix->rows->cells->first;
	}
	if (matrix->ncolumns == 1)
		matrix->shape = MATH_SHAPE_LINES;
	add_matrix(p, &list, matrix);
	return list.first;
}
