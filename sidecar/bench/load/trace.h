/*
 * Notes of each measured message, for `trace.mjs`: when and as which bytes of its sender's stream
 * it was sent, and when and as which of a receiver's it came. Written to files at the end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { int64_t due, before, after; uint64_t end; uint32_t number, sender; } Sent;
typedef struct { int64_t read; uint64_t end; uint32_t number; uint16_t sender, receiver; } Came;
typedef struct { void *items; size_t count, capacity; } Notes;

static Notes sent_notes, came_notes;

/* Place for one more. */
static void *note(Notes *notes, size_t size) {
	if (notes->count == notes->capacity) {
		notes->capacity = notes->capacity ? notes->capacity * 2 : 1 << 20;
		notes->items = realloc(notes->items, notes->capacity * size);
		if (!notes->items) abort();
	}
	return (char *)notes->items + notes->count++ * size;
}

static void save(const char *folder, const char *name, const void *items, size_t size, size_t count) {
	char path[300];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(items, size, count, file) != count || fclose(file) != 0) abort();
}

static void save_notes(const char *folder, const uint16_t *ports, size_t clients) {
	save(folder, "sent", sent_notes.items, sizeof(Sent), sent_notes.count);
	save(folder, "came", came_notes.items, sizeof(Came), came_notes.count);
	save(folder, "ports", ports, sizeof *ports, clients);
}
