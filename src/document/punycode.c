#include "document/punycode.h"

#include "base/utf8.h"

/* The parameters of RFC 3492 section 5. */
enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_CODE = 128 };

#define MOST_CODES 63 /* of a label: a longer one is no host name */

static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
	delta = first ? delta / DAMP : delta / 2;
	delta += delta / count;
	uint32_t k = 0;
	while (delta > (BASE - TMIN) * TMAX / 2) {
		delta /= BASE - TMIN;
		k += BASE;
	}
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static void add_digit(struct buf *out, uint32_t digit)
{
	buf_add_char(out, (char)(digit < 26 ? 'a' + digit : '0' + digit - 26));
}

/* A generalized variable-length integer (RFC 3492 section 3.3). */
static void add_integer(struct buf *out, uint32_t value, uint32_t bias)
{
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t threshold = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
		if (value < threshold)
			break;
		add_digit(out, threshold + (value - threshold) % (BASE - threshold));
		value = (value - threshold) / (BASE - threshold);
	}
	add_digit(out, value);
}

static uint32_t smallest_from(const uint32_t *codes, uint32_t count, uint32_t from)
{
	uint32_t smallest = UINT32_MAX;
	for (uint32_t i = 0; i < count; i++)
		if (codes[i] >= from && codes[i] < smallest)
			smallest = codes[i];
	return smallest;
}

/* At most 63 codes below 0x110000 cannot overflow 32 bits here. */
static void add_label(const uint32_t *codes, uint32_t count, struct buf *out)
{
	buf_add(out, STR("xn--"));
	uint32_t basic = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (codes[i] < FIRST_CODE) {
			buf_add_char(out, (char)codes[i]);
			basic++;
		}
	}
	if (basic > 0)
		buf_add_char(out, '-');
	uint32_t code = FIRST_CODE, bias = FIRST_BIAS, delta = 0;
	for (uint32_t done = basic; done < count; code++, delta++) {
		uint32_t next = smallest_from(codes, count, code);
		delta += (next - code) * (done + 1);
		code = next;
		for (uint32_t i = 0; i < count; i++) {
			if (codes[i] < code)
				delta++;
			if (codes[i] != code)
				continue;
			add_integer(out, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
}

static void add_host_label(struct str label, struct buf *out)
{
	uint32_t codes[MOST_CODES], count = 0;
	bool ascii = true;
	for (struct str rest = label; rest.len > 0 && count < MOST_CODES; count++) {
		rest = str_skip(rest, utf8_decode(rest, &codes[count]));
		ascii = ascii && codes[count] < FIRST_CODE;
	}
	if (ascii)
		buf_add(out, label);
	else
		add_label(codes, count, out);
}

void punycode_host(struct str host, struct buf *out)
{
	struct buf folded = { 0 };
	utf8_fold(&folded, host);
	struct str rest = buf_str(&folded), label;
	bool more;
	do {
		more = str_cut(&rest, '.', &label);
		add_host_label(label, out);
		if (more)
			buf_add_char(out, '.');
	} while (more);
	buf_free(&folded);
}
