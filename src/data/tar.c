#include "data/tar.h"

#include <stdio.h>
#include <string.h>

/* ustar's fields: offset and length of each that is used. */
enum {
	NAME_AT = 0,
	NAME_LEN = 100,
	MODE_AT = 100,
	UID_AT = 108,
	GID_AT = 116,
	SIZE_AT = 124,
	SIZE_LEN = 12,
	TIME_AT = 136,
	SUM_AT = 148,
	SUM_LEN = 8,
	TYPE_AT = 156,
	MAGIC_AT = 257,
	PREFIX_AT = 345,
	PREFIX_LEN = 155,
};

static const uint64_t octal_most = 077777777777; /* 11 digits */

void
tar_begin(struct tar_reader *t, const struct tar_sink *sink)
{
	*t = (struct tar_reader){ .sink = *sink, .state = TAR_HEADER };
}

static int
no_tar(struct err *err, const char *what)
{
	return err_set(err, ERR_NETWORK, "the files do not come as a tar stream: %s", what);
}

size_t
tar_padding(uint64_t size)
{
	return (size_t)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

/* An octal number, or GNU's binary one, whose first bit is set; false when it is neither. */
static bool
read_number(const unsigned char *field, size_t len, uint64_t *out)
{
	size_t i = 0;

	*out = 0;
	if (field[0] & 0x80) {
		for (i = 1; i < len; i++) {
			if (*out >> 55)
				return false;
			*out = *out << 8 | field[i];
		}
		return field[0] == 0x80;
	}
	while (i < len && field[i] == ' ')
		i++;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++) {
		if (*out >> 59)
			return false;
		*out = *out * 8 + (uint64_t)(field[i] - '0');
	}
	return i == len || field[i] == ' ' || field[i] == '\0';
}

/* A text that ends at a NUL or with its field. */
static struct str
read_text(const unsigned char *field, size_t len)
{
	const unsigned char *end = memchr(field, 0, len);

	return (struct str){ (const char *)field, end ? (size_t)(end - field) : len };
}

static bool
is_sum_right(const unsigned char *block)
{
	uint64_t wanted, sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_LEN ? ' ' : block[i];
	return read_number(block + SUM_AT, SUM_LEN, &wanted) && wanted == sum;
}

static bool
is_zero(const unsigned char *block)
{
	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

/* Takes the path from the header, unless an extended header came before it with another one. */
static int
take_path(struct tar_reader *t, struct err *err)
{
	struct str name = read_text(t->block + NAME_AT, NAME_LEN);
	struct str prefix = read_text(t->block + PREFIX_AT, PREFIX_LEN);
	bool is_ustar = memcmp(t->block + MAGIC_AT, "ustar\0", 6) == 0;
	int len;

	if (t->path_len > 0)
		return 0;
	len = is_ustar && prefix.len > 0
	          ? snprintf(t->path, sizeof(t->path), "%.*s/%.*s", STR_FMT(prefix), STR_FMT(name))
	          : snprintf(t->path, sizeof(t->path), "%.*s", STR_FMT(name));
	if (len <= 0)
		return no_tar(err, "a name is missing");
	t->path_len = (size_t)len;
	return 0;
}

static int
end_entry(struct tar_reader *t, struct err *err)
{
	bool is_file = t->state == TAR_FILE;

	t->state = TAR_HEADER;
	t->path_len = 0;
	t->has_size = false;
	return is_file ? t->sink.end(t->sink.ctx, err) : 0;
}

/* A header with facts about the next entry, or about all. */
static int
begin_extra(struct tar_reader *t, char type, uint64_t size, struct err *err)
{
	if (type != 'g' && size >= sizeof(t->extra))
		return no_tar(err, "a path is too long");
	t->state = type == 'x' ? TAR_PAX : type == 'L' ? TAR_LONG_NAME : TAR_SKIP;
	t->left = size;
	t->padding = tar_padding(size);
	t->extra_len = 0;
	return 0;
}

/* A file or directory. */
static int
begin_entry(struct tar_reader *t, char type, uint64_t size, struct err *err)
{
	bool is_dir = type == '5';
	struct str path;

	if (type != '0' && type != '\0' && !is_dir)
		return no_tar(err, "it holds something that is neither a file nor a directory");
	t->left = is_dir ? 0 : t->has_size ? t->size : size;
	t->padding = tar_padding(t->left);
	if (take_path(t, err) < 0)
		return -1;
	t->state = TAR_FILE;
	path = (struct str){ t->path, t->path_len };
	if (t->sink.begin(t->sink.ctx, path, is_dir, t->left, err) < 0)
		return -1;
	return t->left == 0 ? end_entry(t, err) : 0;
}

static int
take_header(struct tar_reader *t, struct err *err)
{
	uint64_t size;

	if (is_zero(t->block)) {
		t->state = TAR_ENDED; /* what follows means nothing */
		return 0;
	}
	if (!is_sum_right(t->block) || !read_number(t->block + SIZE_AT, SIZE_LEN, &size))
		return no_tar(err, "a header is damaged");
	if (memchr("xLg", t->block[TYPE_AT], 3))
		return begin_extra(t, (char)t->block[TYPE_AT], size, err);
	return begin_entry(t, (char)t->block[TYPE_AT], size, err);
}

static bool
take_size(struct tar_reader *t, struct str value)
{
	t->has_size = str_number(value, &t->size);
	return t->has_size;
}

static bool
take_long_path(struct tar_reader *t, struct str value)
{
	if (value.len == 0 || value.len >= sizeof(t->path) || str_find(value, '\0') < value.len)
		return false;
	memcpy(t->path, value.ptr, value.len);
	t->path_len = value.len;
	return true;
}

/* The length that a record begins with, and how many digits it has; 0: there is none. */
static size_t
record_len(struct str rest, size_t *digits)
{
	uint64_t len;

	*digits = str_digits(str_head(rest, 6));
	if (!str_number(str_head(rest, *digits), &len) || len <= *digits + 2 || len > rest.len)
		return 0;
	return (size_t)len;
}

/* "30 path=/a/b\n": length, blank, key, '=', value, line feed. False for any other text. */
static bool
take_record(struct tar_reader *t, struct str *rest)
{
	size_t digits, len = record_len(*rest, &digits);
	struct str record, key, value;

	if (len == 0 || rest->ptr[digits] != ' ' || rest->ptr[len - 1] != '\n')
		return false;
	record = str_head(str_tail(*rest, digits + 1), len - digits - 2);
	*rest = str_tail(*rest, len);
	key = str_head(record, str_find(record, '='));
	value = str_tail(record, key.len + 1);
	if (str_is(key, "path"))
		return take_long_path(t, value);
	return str_is(key, "size") ? take_size(t, value) : true;
}

static int
end_extra(struct tar_reader *t, struct err *err)
{
	struct str extra = { t->extra, t->extra_len };

	if (t->state == TAR_LONG_NAME) {
		struct str name = read_text((const unsigned char *)t->extra, t->extra_len);

		if (name.len == 0 || name.len >= sizeof(t->path))
			return no_tar(err, "a path is too long");
		memcpy(t->path, name.ptr, name.len);
		t->path_len = name.len;
	}
	while (t->state == TAR_PAX && extra.len > 0)
		if (!take_record(t, &extra))
			return no_tar(err, "an extended header is damaged");
	t->state = TAR_HEADER;
	return 0;
}

/* Takes the bytes of the present entry off the front of *rest. */
static int
take_body(struct tar_reader *t, struct str *rest, struct err *err)
{
	struct str part = str_head(*rest, t->left < rest->len ? (size_t)t->left : rest->len);
	int rc = 0;

	*rest = str_tail(*rest, part.len);
	t->left -= part.len;
	if (t->state == TAR_FILE && part.len > 0)
		rc = t->sink.bytes(t->sink.ctx, part, err);
	if (t->state == TAR_PAX || t->state == TAR_LONG_NAME) {
		memcpy(t->extra + t->extra_len, part.ptr, part.len);
		t->extra_len += part.len;
	}
	if (rc < 0 || t->left > 0)
		return rc;
	if (t->state == TAR_PAX || t->state == TAR_LONG_NAME)
		return end_extra(t, err);
	if (t->state == TAR_SKIP) {
		t->state = TAR_HEADER;
		return 0;
	}
	return end_entry(t, err);
}

int
tar_feed(struct tar_reader *t, struct str bytes, struct err *err)
{
	while (bytes.len > 0 && t->state != TAR_ENDED) {
		struct str part;

		if (t->left > 0) {
			if (take_body(t, &bytes, err) < 0)
				return -1;
			continue;
		}
		if (t->padding > 0) {
			part = str_head(bytes, t->padding);
			t->padding -= part.len;
			bytes = str_tail(bytes, part.len);
			continue;
		}
		if (t->state != TAR_HEADER) { /* a header before an entry that holds nothing */
			if (take_body(t, &bytes, err) < 0)
				return -1;
			continue;
		}
		part = str_head(bytes, TAR_BLOCK - t->block_len);
		memcpy(t->block + t->block_len, part.ptr, part.len);
		t->block_len += part.len;
		bytes = str_tail(bytes, part.len);
		if (t->block_len < TAR_BLOCK)
			break;
		t->block_len = 0;
		if (take_header(t, err) < 0)
			return -1;
	}
	return 0;
}

int
tar_finish(const struct tar_reader *t, struct err *err)
{
	if (t->state == TAR_ENDED
	    || (t->state == TAR_HEADER && t->block_len == 0 && t->padding == 0 && t->left == 0))
		return 0;
	return no_tar(err, "it ends in the middle of a file");
}

/* `digits` octal digits and a NUL. */
static void
write_octal(char *field, size_t digits, uint64_t value)
{
	for (size_t i = digits; i > 0; i--, value /= 8)
		field[i - 1] = (char)('0' + value % 8);
	field[digits] = '\0';
}

static void
write_block(char *block, struct str name, char type, uint64_t size, int64_t time_s)
{
	unsigned sum = 0;

	memset(block, 0, TAR_BLOCK);
	memcpy(block + NAME_AT, name.ptr, name.len < NAME_LEN ? name.len : NAME_LEN);
	write_octal(block + MODE_AT, 7, type == '5' ? 0755 : 0644);
	write_octal(block + UID_AT, 7, 0);
	write_octal(block + GID_AT, 7, 0);
	write_octal(block + SIZE_AT, 11, size <= octal_most ? size : 0);
	write_octal(block + TIME_AT, 11, time_s > 0 ? (uint64_t)time_s : 0);
	block[TYPE_AT] = type;
	memcpy(block + MAGIC_AT, "ustar\00000", 8);
	memset(block + SUM_AT, ' ', SUM_LEN);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)block[i];
	write_octal(block + SUM_AT, 6, sum);
	block[SUM_AT + 7] = ' ';
}

/* "LEN key=value\n", where LEN counts itself. */
static size_t
write_record(char *out, size_t room, const char *key, struct str value)
{
	size_t body = strlen(key) + value.len + 3, len = body + 1;
	int n;

	for (size_t digits = 1, most = 10; len >= most; digits++, most *= 10)
		len = body + digits + 1;
	n = snprintf(out, room, "%zu %s=%.*s\n", len, key, STR_FMT(value));
	return n > 0 && (size_t)n < room ? (size_t)n : 0;
}

size_t
tar_header(char *out, struct str path, bool is_dir, uint64_t size, int64_t time_s)
{
	char records[TAR_PATH + 100], number[24];
	size_t len = 0, at = 0, part;

	if (path.len > NAME_LEN) {
		part = write_record(records, sizeof(records), "path", path);
		if (part == 0 || path.len >= TAR_PATH)
			return 0;
		len += part;
	}
	if (size > octal_most) {
		(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)size);
		len += write_record(records + len, sizeof(records) - len, "size", str_of(number));
	}
	if (len > 0) {
		write_block(out, STR("pax"), 'x', len, 0);
		at = TAR_BLOCK;
		memcpy(out + at, records, len);
		memset(out + at + len, 0, tar_padding(len));
		at += len + tar_padding(len);
	}
	write_block(out + at, path, is_dir ? '5' : '0', is_dir ? 0 : size, time_s);
	return at + TAR_BLOCK;
}
