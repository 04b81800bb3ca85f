/*
 * The floor: what the system calls alone cost.
 *
 * Reads what is there, joins it to one batch and writes that to every receiver. It parses no
 * JSON, checks no handshake, limits nothing and would wait for ever for a slow reader. No hub
 * that writes to sockets one by one gets below it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, MAX_CLIENTS = 65536 };

typedef struct { char *bytes; size_t length, capacity; } Buffer;

/* At a place in the batch: so many of its bytes are left out, or so many of `own` are put in. */
typedef struct { size_t at, skip, put; } Item;

typedef struct {
	int fd, item_count;
	bool upgraded, member;
	size_t from; /* where in the batch it joined */
	Item *items;
	Buffer rest, own;
} Client;

static Client *clients[MAX_CLIENTS], *agents[MAX_CLIENTS];
static int client_count;
static Buffer batch, woven;

static void append(Buffer *buffer, const void *bytes, size_t length) {
	if (buffer->length + length > buffer->capacity)
		buffer->bytes = realloc(buffer->bytes, buffer->capacity = (buffer->length + length) * 2);
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
}

static void append_frame(Buffer *buffer, const char *payload, size_t length) {
	unsigned char header[4] = { 0x81, (unsigned char)length, (unsigned char)length };
	if (length > 125) {
		header[1] = 126;
		header[2] = (unsigned char)(length >> 8);
		header[3] = (unsigned char)length;
	}
	append(buffer, header, length > 125 ? 4 : 2);
	append(buffer, payload, length);
}

static void add_item(Client *client, size_t skip, size_t put) {
	client->items = realloc(client->items, (size_t)(client->item_count + 1) * sizeof(Item));
	client->items[client->item_count++] = (Item){ batch.length, skip, put };
}

static void direct(Client *client, const char *payload, size_t length) {
	size_t before = client->own.length;
	append_frame(&client->own, payload, length);
	add_item(client, 0, client->own.length - before);
}

static void broadcast(const char *payload, size_t length, Client *except) {
	if (except) add_item(except, length + (length > 125 ? 4 : 2), 0);
	append_frame(&batch, payload, length);
}

static int index_of(const char *name) { return atoi(name) & (MAX_CLIENTS - 1); }

static void on_message(Client *client, char *text, size_t length) {
	static const char target[] = "\"target_id\":\"b", name[] = "\"agentId\":\"b";
	char *found;
	if (!client->member) {
		client->member = true;
		client->from = batch.length;
	}
	if (memmem(text, length, "\"type\":\"ping\"", 13)) direct(client, "{\"type\":\"gateway_hello\"}", 24);
	else if (memmem(text, length, "\"agent_register\"", 16)) {
		char joined[128];
		int agent = index_of((char *)memmem(text, length, name, sizeof name - 1) + sizeof name - 1);
		agents[agent] = client;
		direct(client, "{\"type\":\"agent_registered\"}", 27);
		broadcast(joined, (size_t)snprintf(joined, sizeof joined, "{\"type\":\"agent_joined\",\"agentId\":\"b%07d\"}", agent), NULL);
	} else if ((found = memmem(text, length < 128 ? length : 128, target, sizeof target - 1)))
		direct(agents[index_of(found + sizeof target - 1)], text, length);
	else broadcast(text, length, client);
}

static size_t read_frames(Client *client, unsigned char *bytes, size_t length) {
	size_t at = 0;
	while (length - at >= 8) {
		unsigned char *frame = bytes + at, *key = frame + 2;
		size_t size = frame[1] & 127;
		if (size == 126) {
			size = (size_t)frame[2] << 8 | frame[3];
			key += 2;
		}
		unsigned char *payload = key + 4;
		if (payload + size > bytes + length) break;
		for (size_t i = 0; i < size; i++) payload[i] ^= key[i & 3];
		if ((frame[0] & 15) == 1) on_message(client, (char *)payload, size);
		at = (size_t)(payload + size - bytes);
	}
	return at;
}

static size_t upgrade(Client *client, const char *bytes, size_t length) {
	static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
	const char *end = memmem(bytes, length, "\r\n\r\n", 4);
	if (!end) return 0;
	client->upgraded = true;
	send(client->fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	return (size_t)(end + 4 - bytes);
}

static void leave(Client *client) {
	close(client->fd);
	client->upgraded = client->member = false;
}

static void on_readable(Client *client) {
	static char bytes[READ_SIZE * 2];
	size_t length = client->rest.length, used = 0;
	memcpy(bytes, client->rest.bytes, length);
	ssize_t got = recv(client->fd, bytes + length, READ_SIZE, MSG_DONTWAIT);
	if (got <= 0) return leave(client);
	length += (size_t)got;
	if (!client->upgraded) used = upgrade(client, bytes, length);
	if (client->upgraded) used += read_frames(client, (unsigned char *)bytes + used, length - used);
	client->rest.length = 0;
	append(&client->rest, bytes + used, length - used);
}

static void weave(Client *client) {
	size_t at = client->from, own = 0;
	woven.length = 0;
	for (int i = 0; i < client->item_count; i++) {
		Item item = client->items[i];
		if (item.at > at) append(&woven, batch.bytes + at, item.at - at);
		append(&woven, client->own.bytes + own, item.put);
		own += item.put;
		at = item.at + item.skip;
	}
	if (batch.length > at) append(&woven, batch.bytes + at, batch.length - at);
	send(client->fd, woven.bytes, woven.length, MSG_NOSIGNAL);
	client->own.length = 0;
	client->item_count = 0;
	client->from = 0;
}

static void flush(void) {
	for (int i = 0; i < client_count; i++) {
		Client *client = clients[i];
		if (!client->member) continue;
		if (client->item_count > 0 || client->from > 0) weave(client);
		else if (batch.length > 0) send(client->fd, batch.bytes, batch.length, MSG_NOSIGNAL);
	}
	batch.length = 0;
}

static void accept_client(int listener, int poller) {
	int on = 1, fd = accept(listener, NULL, NULL);
	if (fd < 0) return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	Client *client = clients[client_count++] = calloc(1, sizeof *client);
	client->fd = fd;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
	epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

int main(int count, char **arguments) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001u) };
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	address.sin_port = htons((unsigned short)atoi(count > 1 ? arguments[1] : "0"));
	int listener = socket(AF_INET, SOCK_STREAM, 0), poller = epoll_create1(0);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) return 1;
	struct epoll_event events[1024], event = { .events = EPOLLIN, .data.ptr = NULL };
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int ready = epoll_wait(poller, events, 1024, -1);
		for (int i = 0; i < ready; i++) {
			if (events[i].data.ptr) on_readable(events[i].data.ptr);
			else accept_client(listener, poller);
		}
		flush();
	}
}
