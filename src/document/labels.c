#include "document/labels.h"

#define ENGLISH_WORD(id, name, english) [LABEL_##id] = STR_INIT(english),
static const struct str english[LABEL_COUNT] = { LABELS(ENGLISH_WORD) };
#undef ENGLISH_WORD

#define SETTING_NAME(id, name, english) [LABEL_##id] = STR_INIT(name),
static const struct str names[LABEL_COUNT] = { LABELS(SETTING_NAME) };
#undef SETTING_NAME

static const struct str vietnamese[LABEL_COUNT] = {
	[LABEL_IMAGE] = STR_INIT("Hình"),
	[LABEL_NOTES] = STR_INIT("Ghi chú"),
	[LABEL_LINKS] = STR_INIT("Liên kết"),
	[LABEL_TABLE] = STR_INIT("Bảng"),
	[LABEL_MATH] = STR_INIT("Công thức"),
	[LABEL_SERIES] = STR_INIT("Loạt bài"),
	[LABEL_KEYWORD] = STR_INIT("Từ khóa"),
	[LABEL_KEYWORDS] = STR_INIT("Từ khóa"),
	[LABEL_VIDEO] = STR_INIT("Video"),
	[LABEL_EMBEDDED] = STR_INIT("Nội dung nhúng"),
	[LABEL_GIST] = STR_INIT("Gist"),
	[LABEL_SOCIAL_POST] = STR_INIT("Bài đăng"),
	[LABEL_ALERT_NOTE] = STR_INIT("Lưu ý"),
	[LABEL_ALERT_TIP] = STR_INIT("Mẹo"),
	[LABEL_ALERT_IMPORTANT] = STR_INIT("Quan trọng"),
	[LABEL_ALERT_WARNING] = STR_INIT("Cảnh báo"),
	[LABEL_ALERT_CAUTION] = STR_INIT("Thận trọng"),
	[LABEL_LATEST_POSTS] = STR_INIT("Bài mới nhất"),
	[LABEL_ALL_POSTS] = STR_INIT("Tất cả bài viết theo năm"),
	[LABEL_ALL_SERIES] = STR_INIT("Tất cả loạt bài"),
	[LABEL_ALL_KEYWORDS] = STR_INIT("Tất cả từ khóa"),
	[LABEL_ALL_PARTS] = STR_INIT("Tất cả các phần"),
	[LABEL_PART_COUNT] = STR_INIT("%u phần"),
	[LABEL_ONE_PART] = STR_INIT("1 phần"),
	[LABEL_IN_READING_ORDER] = STR_INIT("theo thứ tự đọc"),
	[LABEL_PART_NUMBER] = STR_INIT("Phần %u"),
	[LABEL_PART_OF] = STR_INIT("Phần %u trên %u của"),
	[LABEL_POST_COUNT] = STR_INIT("%u bài viết"),
	[LABEL_ONE_POST] = STR_INIT("1 bài viết"),
	[LABEL_SINCE] = STR_INIT("từ năm"),
	[LABEL_MORE] = STR_INIT("Xem thêm"),
	[LABEL_ARCHIVE] = STR_INIT("Lưu trữ"),
	[LABEL_YEAR] = STR_INIT("Năm"),
	[LABEL_OLDER_POSTS] = STR_INIT("Bài cũ hơn"),
	[LABEL_NEWER_POSTS] = STR_INIT("Bài mới hơn"),
	[LABEL_NEXT_PAGE] = STR_INIT("Trang sau"),
	[LABEL_PREVIOUS_PAGE] = STR_INIT("Trang trước"),
	[LABEL_PREVIOUS_PART] = STR_INIT("Phần trước"),
	[LABEL_NEXT_PART] = STR_INIT("Phần sau"),
	[LABEL_OLDER] = STR_INIT("Cũ hơn"),
	[LABEL_NEWER] = STR_INIT("Mới hơn"),
	[LABEL_RELATED] = STR_INIT("Liên quan"),
	[LABEL_RELATED_KEYWORD] = STR_INIT("Xem thêm"),
	[LABEL_SOURCE] = STR_INIT("Mã nguồn Markdown"),
	[LABEL_WITH_LINKS] = STR_INIT("Bản có liên kết"),
	[LABEL_UPDATED] = STR_INIT("Cập nhật"),
	[LABEL_SEARCH] = STR_INIT("Tìm kiếm"),
	[LABEL_SEARCH_PROMPT] = STR_INIT("Từ cần tìm"),
	[LABEL_SEARCH_AGAIN] = STR_INIT("Tìm lại"),
	[LABEL_NOTHING_FOUND] = STR_INIT("Không tìm thấy gì."),
	[LABEL_MORE_THAN_POSTS] = STR_INIT("Hơn %u bài viết"),
	[LABEL_NOT_ALL_SEARCHED] = STR_INIT("Chưa tìm hết các bài viết: hãy hỏi ít từ hơn."),
	[LABEL_NOT_ALL_INDEXED] = STR_INIT("Một số bài viết chưa tìm được: hãy hỏi lại sau."),
	[LABEL_RANDOM_POST] = STR_INIT("Một bài ngẫu nhiên"),
	[LABEL_FEED] = STR_INIT("Nguồn tin Atom"),
	[LABEL_FEED_OF_SERIES] = STR_INIT("Nguồn tin Atom của loạt bài này"),
	[LABEL_FEED_OF_KEYWORD] = STR_INIT("Nguồn tin Atom của từ khóa này"),
	[LABEL_IN_GOPHER] = STR_INIT("Trang này trên Gopher"),
	[LABEL_IN_GEMINI] = STR_INIT("Trang này trên Gemini"),
	[LABEL_NOT_FOUND] = STR_INIT("Không tìm thấy"),
	[LABEL_DID_YOU_MEAN] = STR_INIT("có phải bạn tìm"),
	[LABEL_NO_SUCH_ADDRESS] = STR_INIT("không có bài viết, trang hay tệp nào ở địa chỉ này"),
	[LABEL_GONE] = STR_INIT("Không còn nữa"),
};

/* A new language is a table like the ones above and a row here; words left out are English. */
static const struct language {
	struct str tag; /* BCP 47 */
	const struct str *words;
} languages[] = {
	{ STR_INIT("en"), english },
	{ STR_INIT("vi"), vietnamese },
};

static const struct str *words_of(struct str tag)
{
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		if (str_equal_nocase(languages[i].tag, tag))
			return languages[i].words;
	return NULL;
}

/* `pt_BR` is what locales and many front matters write for `pt-BR`. */
static struct str primary_subtag(struct str tag)
{
	size_t end = 0;
	while (end < tag.len && tag.at[end] != '-' && tag.at[end] != '_')
		end++;
	return str_sub(tag, 0, end);
}

void labels_for(struct labels *labels, struct str lang)
{
	const struct str *words = words_of(lang);
	if (words == NULL)
		words = words_of(primary_subtag(lang));
	if (words == NULL)
		words = english;
	for (size_t i = 0; i < LABEL_COUNT; i++)
		labels->word[i] = words[i].len > 0 ? words[i] : english[i];
}

/* How many %u a word holds; SIZE_MAX when a percent sign is anything else. */
static size_t count_numbers(struct str word)
{
	size_t n = 0;
	for (size_t at = 0; (at = str_find(word, '%', at)) != STR_NOT_FOUND; at += 2, n++)
		if (at + 1 >= word.len || word.at[at + 1] != 'u')
			return SIZE_MAX;
	return n;
}

bool labels_set(struct labels *labels, struct str name, struct str word)
{
	for (size_t i = 0; i < LABEL_COUNT; i++) {
		if (!str_equal(names[i], name))
			continue;
		size_t wanted = count_numbers(english[i]);
		if (wanted > 0 && count_numbers(word) != wanted)
			return false;
		labels->word[i] = word;
		return true;
	}
	return false;
}
