#include "content/broken.h"

#include "content/scan.h"

void broken_add(struct broken_list *list, struct str path, bool in_pages,
		struct file_identity identity)
{
	list->files = arena_grow(&list->arena, list->files, list->count, &list->capacity,
				 sizeof *list->files);
	hash_index_add(&list->paths, hash_index_hash(path), (uint32_t)list->count);
	list->files[list->count++] =
	    (struct broken_file){ arena_str(&list->arena, path), in_pages, identity };
}

bool broken_has(const struct broken_list *list, struct str path, bool in_pages,
		struct file_identity identity)
{
	size_t at = 0;
	uint32_t i;
	while ((i = hash_index_next(&list->paths, hash_index_hash(path), &at)) != HASH_INDEX_NONE) {
		const struct broken_file *b = &list->files[i];
		if (b->in_pages == in_pages && str_equal(b->path, path))
			return file_identity_equal(b->identity, identity);
	}
	return false;
}

void broken_free(struct broken_list *list)
{
	hash_index_free(&list->paths);
	arena_free(&list->arena);
	*list = (struct broken_list){ 0 };
}
