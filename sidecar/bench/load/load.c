/*
 * The load generator: thousands of WebSocket clients in one epoll loop.
 *
 * Every frame that comes to any receiver is parsed and held against what it must be: each
 * message once, in its sender's order, directed ones in their place. Only so is a hub that
 * drops, doubles or reorders under load caught, and only in C does that cost little enough
 * for the generator not to be what is measured.
 *
 * Arguments are key=value pairs (`options` below); the answer is one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#ifdef WITH_ZLIB
#include <zlib.h>
#endif
#include "histogram.h"
#include "trace.h"
#include "transport.h"

/* A message's fields have fixed widths, so that they are found without a parser. */
#define HEAD "{\"type\":\"bench\",\"s\":\""
#define JOINED "{\"type\":\"agent_joined\",\"agentId\":\"b"
#define READY_VIEWER "{\"type\":\"gateway_hello\""
#define READY_AGENT "{\"type\":\"agent_registered\""
#define TIME_MODULUS 1000000000000LL

enum { SENDER_AT = sizeof HEAD - 1, BROADCAST_AT = SENDER_AT + 4 + 7, DIRECTED_AT = BROADCAST_AT + 8 + 7,
       TIME_AT = DIRECTED_AT + 8 + 7, TARGET_AT = TIME_AT + 12 + 1, READ_SIZE = 1 << 20, CONNECTING_AT_ONCE = 256 };

static struct {
	int port, pid, clients, senders, window, size, stalled, directed_every, deflate, poisson, tls, filters;
	double rate, warm, seconds, deadline;
	char path[64], mode[16], join[16], dialect[16], header[256], trace[256], ports[128], pids[128];
} options = { .clients = 1001, .senders = 1, .window = 64, .size = 200, .warm = 0.5, .seconds = 2, .deadline = 60,
	.path = "/", .mode = "window", .join = "viewer", .dialect = "plain" };

/* Where a hub is several nodes, clients take turns with them: the nth is on node n % node_count. */
enum { MOST_NODES = 16 };
static int node_ports[MOST_NODES], node_count, node_pids[MOST_NODES], pid_count;

typedef enum { CLOSED, CONNECTING, UPGRADING, JOINING, READY } State;

typedef struct {
	Transport transport;
	int index;
	State state;
	bool stalled, waits_writable;
	uint32_t *next_broadcast, *next_directed; /* by sender: what must come next */
	uint16_t *joins;                          /* in a storm: who was announced, in order */
	int join_count;
	char *rest, *out; /* an incomplete frame; what the socket did not take */
	size_t rest_length, out_length;
	uint64_t queued, received; /* bytes, ever */
#ifdef WITH_ZLIB
	z_stream inflater;
#endif
} Client;

static Client *clients;
static int poller, opened, ready, upgrading, reconnects;
static const char *prefix = "", *suffix = "";
static size_t prefix_length;
static char *read_buffer;
static size_t read_capacity = 4 * READ_SIZE;
static const unsigned char *read_end, *frame_end; /* of what was read, and of the frame in it */

/* What was sent, by sender and by pair, and what all of it must come to. */
static uint32_t *sent_broadcasts, *sent_directed;
static uint64_t sent, completed, expected, delivered;
static uint64_t expected_after[1024]; /* deliveries that are due once a message has arrived everywhere */
static bool measuring, stopping;

static Histogram latencies, lateness; /* from sending to reading; of the generator's own sending */
static int sampled_every = 1;

/* Where messages are sent on a schedule: when the next is due, and which of them are measured. */
static bool paced;
static double next_due = INFINITY;
static int64_t measured_from, measured_until;

/*
 * Where less than SOON seconds lie between two messages it never sleeps: to wake takes as long, and costs the hub that
 * wakes it. While it only looks whether something is there it is not busy; of a look that takes longer than
 * LONGEST_LOOK the rest was without the core.
 */
#define SOON 1e-4
#define LONGEST_LOOK 2e-5
static double looking;

static double now_seconds(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int64_t now_microseconds(void) { return (int64_t)(now_seconds() * 1e6); }

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
	char reason[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	for (char *at = reason; *at; at++)
		if (*at < ' ' || *at == '"' || *at == '\\') *at = ' ';
	printf("{\"error\":\"%s\"}\n", reason);
	fflush(stdout);
	_exit(1);
}

static void *allocate(size_t count, size_t size) {
	void *memory = calloc(count, size);
	if (!memory) fail("out of memory");
	return memory;
}

/* ---- measuring ---- */

typedef struct { double wall, server, load, looking, machine, each[MOST_NODES]; uint64_t expected, delivered; } Reading;

/* User and system time of a process, all threads. */
static double cpu_of(int pid) {
	char path[64], text[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = pid ? fopen(path, "r") : NULL;
	if (!file) return 0;
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	unsigned long user = 0, system = 0;
	char *after_name = strrchr(text, ')');
	if (after_name) sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
	return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

/* All that the hub is, and each of its processes. */
static double server_cpu(double *each) {
	double sum = 0;
	for (int i = 0; i < pid_count; i++) sum += each[i] = cpu_of(node_pids[i]);
	return sum;
}

/* What all cores did, for anyone. */
static double machine_cpu(void) {
	unsigned long user = 0, nice = 0, system = 0, irq = 0, softirq = 0, steal = 0;
	FILE *file = fopen("/proc/stat", "r");
	if (!file) return 0;
	if (fscanf(file, "cpu %lu %lu %lu %*u %*u %lu %lu %lu", &user, &nice, &system, &irq, &softirq, &steal) < 3) user = 0;
	fclose(file);
	return (double)(user + nice + system + irq + softirq + steal) / sysconf(_SC_CLK_TCK);
}

static Reading take_reading(void) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	double load = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	Reading reading = { .wall = now_seconds(), .load = load, .looking = looking, .machine = machine_cpu(), .expected = expected, .delivered = delivered };
	reading.server = server_cpu(reading.each);
	return reading;
}

/*
 * On a schedule those messages count that were due while it was measured, whenever they come: so a
 * hub that falls behind is not spared what it has not delivered yet.
 */
static void record_latency(const Client *client, uint32_t number, int sender, uint64_t sent_at, int64_t now) {
	/* Of several nodes, what crosses from one to another. */
	if (node_count > 1 && client->index % node_count == sender % node_count) return;
	int64_t latency = (now - (int64_t)sent_at + TIME_MODULUS) % TIME_MODULUS;
	bool counts = paced ? now - latency >= measured_from && now - latency < measured_until : measuring;
	if (!counts) return;
	record(&latencies, latency);
	if (options.trace[0])
		*(Came *)note(&came_notes, sizeof(Came)) =
			(Came){ now, client->received - (uint64_t)(read_end - frame_end), number, (uint16_t)sender, (uint16_t)client->index };
}

/* ---- writing ---- */

static void watch(Client *client, bool writable) {
	uint32_t events = EPOLLRDHUP | (client->stalled && client->state == READY ? 0 : EPOLLIN) | (writable ? EPOLLOUT : 0);
	struct epoll_event event = { .events = events, .data.ptr = client };
	epoll_ctl(poller, EPOLL_CTL_MOD, client->transport.fd, &event);
	client->waits_writable = writable;
}

static void flush(Client *client) {
	ssize_t written = write_bytes(&client->transport, client->out, client->out_length);
	if (written < 0 && errno != EAGAIN && !client->stalled) fail("client %d cannot write: %s", client->index, strerror(errno));
	if (written > 0) {
		client->out_length -= (size_t)written;
		memmove(client->out, client->out + written, client->out_length);
	}
	bool waits = client->out_length > 0 && is_open(&client->transport);
	if (waits != client->waits_writable) watch(client, waits);
}

static void append(Client *client, const void *bytes, size_t length) {
	client->out = realloc(client->out, client->out_length + length);
	if (!client->out) fail("out of memory");
	memcpy(client->out + client->out_length, bytes, length);
	client->out_length += length;
	client->queued += length;
}

/* Masked with a real key: servers skip the work for a key of zeros. */
static void append_frame(Client *client, int opcode, const char *payload, size_t length) {
	static const unsigned char key[4] = { 0x37, 0xfa, 0x21, 0x3d };
	unsigned char frame[16384], *end = frame;
	if (length > sizeof frame - 8) fail("message too long");
	*end++ = (unsigned char)(0x80 | opcode);
	if (length < 126) *end++ = (unsigned char)(0x80 | length);
	else {
		*end++ = 0x80 | 126;
		*end++ = (unsigned char)(length >> 8);
		*end++ = (unsigned char)length;
	}
	memcpy(end, key, 4);
	end += 4;
	for (size_t i = 0; i < length; i++) *end++ = (unsigned char)payload[i] ^ key[i & 3];
	append(client, frame, (size_t)(end - frame));
}

static void append_text(Client *client, const char *json) {
	char text[12288];
	int length = snprintf(text, sizeof text, "%s%s%s", prefix, json, suffix);
	append_frame(client, 1, text, (size_t)length);
}

/* ---- the work ---- */

static void write_digits(char *to, int width, uint64_t value) {
	for (int i = width - 1; i >= 0; i--, value /= 10) to[i] = (char)('0' + value % 10);
}

static uint64_t read_digits(const char *from, int width) {
	uint64_t value = 0;
	for (int i = 0; i < width; i++) value = value * 10 + (uint64_t)(from[i] - '0');
	return value;
}

/* Queues one message; `target` is a client's index, or -1 for all. `time` is what latency counts from. */
static void queue_message(int sender, int target, int64_t time) {
	static char text[12288], filler[12288];
	if (!filler[0]) memset(filler, 'x', sizeof filler - 1);
	uint32_t *directed = target < 0 ? NULL : &sent_directed[sender * options.clients + target];
	int length = snprintf(text, sizeof text, HEAD "0000\",\"b\":\"00000000\",\"d\":\"00000000\",\"t\":\"000000000000\"");
	write_digits(text + SENDER_AT, 4, (uint64_t)sender);
	write_digits(text + BROADCAST_AT, 8, sent_broadcasts[sender]);
	write_digits(text + DIRECTED_AT, 8, directed ? *directed : 0);
	write_digits(text + TIME_AT, 12, (uint64_t)(time % TIME_MODULUS));
	if (directed) length += snprintf(text + length, sizeof text - (size_t)length, ",\"target_id\":\"b%07d\"", target);
	int pad = options.size - length - (int)sizeof ",\"pad\":\"\"}" + 1;
	snprintf(text + length, sizeof text - (size_t)length, ",\"pad\":\"%.*s\"}", pad > 0 ? pad : 0, filler);
	append_text(&clients[sender], text);
	if (directed) (*directed)++;
	else sent_broadcasts[sender]++;
	expected += directed ? 1 : (uint64_t)options.clients - 1;
	expected_after[sent++ % 1024] = expected;
}

/* One message in `directed_every` is for one receiver, the rest are for all. */
static int target_of(uint64_t number, int sender) {
	if (options.mode[0] == 'd') return sender ^ 1;
	if (!options.directed_every || number % (uint64_t)options.directed_every != 0) return -1;
	return (sender + 1 + (int)(number * 7919 % (uint64_t)(options.clients - 1))) % options.clients;
}

static int next_sender(void) {
	return options.poisson ? (int)(drand48() * options.senders) : (int)(sent % (uint64_t)options.senders);
}

static int send_next(int64_t time) {
	int sender = next_sender();
	queue_message(sender, target_of(sent, sender), time);
	return sender;
}

/* Keeps so many messages under way, each until every receiver has it. */
static void fill_window(void) {
	while (completed < sent && expected_after[completed % 1024] <= delivered) completed++;
	if (stopping || sent - completed >= (uint64_t)options.window) return;
	while (sent - completed < (uint64_t)options.window) send_next(now_microseconds());
	for (int i = 0; i < options.senders; i++)
		if (clients[i].out_length > 0) flush(&clients[i]);
}

/* Evenly spaced, or as if each sender knew nothing of the others. */
static double spacing(void) { return (options.poisson ? -log(1 - drand48()) : 1) / options.rate; }

static void note_sent(int sender, int64_t due, int64_t before) {
	uint32_t number = options.mode[0] == 'd' ? sent_directed[sender * options.clients + (sender ^ 1)] : sent_broadcasts[sender];
	*(Sent *)note(&sent_notes, sizeof(Sent)) =
		(Sent){ due, before, now_microseconds(), clients[sender].queued, number - 1, (uint32_t)sender };
}

/*
 * On a schedule, whether or not the hub keeps up. A message's time is when it was due: what the
 * generator or a full socket held back, its receivers waited for as well.
 */
static void send_due(void) {
	double now = paced && !stopping ? now_seconds() : 0;
	for (; next_due <= now; next_due += spacing()) {
		int64_t due = (int64_t)(next_due * 1e6);
		bool counts = due >= measured_from && due < measured_until;
		if (counts) record(&lateness, (int64_t)((now - next_due) * 1e6));
		int sender = send_next(due);
		int64_t before = now_microseconds();
		flush(&clients[sender]);
		if (counts && options.trace[0]) note_sent(sender, due, before);
	}
}

static void wake_when_due(int timer) {
	uint64_t expirations;
	if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) fail("timer: %s", strerror(errno));
	struct itimerspec next = { .it_value = { (time_t)next_due, (long)((next_due - (double)(time_t)next_due) * 1e9) + 1 } };
	if (paced && !stopping) timerfd_settime(timer, TFD_TIMER_ABSTIME, &next, NULL);
}

/* ---- reading ---- */

static void on_message(Client *client, const char *text, int64_t now) {
	int sender = (int)read_digits(text + SENDER_AT, 4);
	uint32_t broadcast = (uint32_t)read_digits(text + BROADCAST_AT, 8);
	bool directed = text[TARGET_AT] == ',' && text[TARGET_AT + 2] == 't';
	uint32_t directed_number = directed ? (uint32_t)read_digits(text + DIRECTED_AT, 8) : 0;
	if (sender >= options.senders || (sender == client->index && !directed)) fail("client %d got a message of sender %d", client->index, sender);
	if (broadcast != client->next_broadcast[sender])
		fail("client %d: broadcast %u of sender %d came where %u was due", client->index, broadcast, sender, client->next_broadcast[sender]);
	if (directed) {
		if (directed_number != client->next_directed[sender]++)
			fail("client %d: directed message %u of sender %d out of order", client->index, directed_number, sender);
	} else client->next_broadcast[sender]++;
	delivered++;
	if (client->index % sampled_every == 0)
		record_latency(client, directed ? directed_number : broadcast, sender, read_digits(text + TIME_AT, 12), now);
	if (options.mode[0] == 'p' && !stopping) {
		queue_message(client->index, sender, now_microseconds());
		flush(client);
	}
}

static void join(Client *client) {
	char text[256] = "{\"type\":\"ping\"}", interest[96] = "";
	const char *resume = strcmp(options.join, "resume") == 0 ? ",\"resume\":true" : "";
	/* Another type for each filter, which nobody sends: all pass the same. */
	if (options.filters)
		snprintf(interest, sizeof interest, ",\"subscribe\":{\"types\":[\"bench\",\"of-%d\"]}", client->index % options.filters);
	if (strcmp(options.join, "viewer") != 0)
		snprintf(text, sizeof text, "{\"type\":\"agent_register\",\"agentId\":\"b%07d\"%s%s}", client->index, resume, interest);
	append_text(client, text);
	flush(client);
}

static bool starts_with(const char *text, size_t length, const char *start, size_t start_length) {
	return length >= start_length && memcmp(text, start, start_length) == 0;
}
#define STARTS_WITH(text, length, literal) starts_with(text, length, literal, sizeof literal - 1)

/* Socket.IO speaks a protocol of its own inside the frames; this is all of it that is needed. */
static bool on_socket_io(Client *client, const char *text, size_t length) {
	if (starts_with(text, length, prefix, prefix_length)) return false;
	if (text[0] == '0') append_frame(client, 1, "40", 2);
	else if (text[0] == '2') append_frame(client, 1, "3", 1);
	else if (STARTS_WITH(text, length, "40")) join(client);
	if (client->out_length > 0) flush(client);
	return true;
}

static void on_text(Client *client, const char *text, size_t length, int64_t now) {
	if (prefix_length > 0 && on_socket_io(client, text, length)) return;
	text += prefix_length;
	length -= prefix_length;
	if (STARTS_WITH(text, length, HEAD)) {
		/* What comes in one read with its greeting, before it stalls, is expected by nobody. */
		if (!client->stalled) on_message(client, text, now);
	}
	else if (client->joins && STARTS_WITH(text, length, JOINED)) {
		if (client->join_count == options.clients) fail("client %d was told of too many joins", client->index);
		client->joins[client->join_count++] = (uint16_t)read_digits(text + sizeof JOINED - 1, 7);
		delivered++;
	} else if (client->state == JOINING && (STARTS_WITH(text, length, READY_VIEWER) || STARTS_WITH(text, length, READY_AGENT))) {
		client->state = READY;
		if (client->stalled) watch(client, false);
		else ready++;
	}
}

/*
 * Once it is ready, one client in eight inflates what it gets, and holds it against what it must
 * be; the others count. To inflate all would take longer than the hub does to send it.
 */
static bool is_inflating(const Client *client) { return client->state != READY || client->index % 8 == 0; }

#ifdef WITH_ZLIB
/* The context is kept from one message to the next, for hubs that refer back to earlier ones. */
static void on_compressed(Client *client, const char *payload, size_t length, int64_t now) {
	static unsigned char text[1 << 20], trailer[4] = { 0, 0, 0xff, 0xff };
	z_stream *inflater = &client->inflater;
	if (!is_inflating(client)) {
		delivered++;
		return;
	}
	if (!inflater->state && inflateInit2(inflater, -15) != Z_OK) fail("out of memory");
	inflater->next_out = text;
	inflater->avail_out = sizeof text;
	for (int part = 0; part < 2; part++) {
		inflater->next_in = part ? trailer : (unsigned char *)payload;
		inflater->avail_in = part ? sizeof trailer : (unsigned)length;
		int result = inflate(inflater, Z_SYNC_FLUSH);
		if ((result != Z_OK && result != Z_BUF_ERROR) || inflater->avail_in > 0) fail("client %d cannot inflate: %d", client->index, result);
	}
	on_text(client, (char *)text, sizeof text - inflater->avail_out, now);
}
#else
static void on_compressed(Client *client, const char *payload, size_t length, int64_t now) {
	(void)client, (void)payload, (void)length, (void)now;
	fail("the load generator was built without zlib");
}
#endif

static void on_frame(Client *client, int opcode, bool compressed, const char *payload, size_t length, int64_t now) {
	if (opcode == 1 && compressed) on_compressed(client, payload, length, now);
	else if (opcode == 1) on_text(client, payload, length, now);
	else if (opcode == 9) {
		append_frame(client, 10, payload, length);
		flush(client);
	} else if (opcode == 8 && !client->stalled)
		fail("client %d was closed with %d", client->index, length < 2 ? 1005 : (unsigned char)payload[0] << 8 | (unsigned char)payload[1]);
}

/* Returns how many bytes were whole frames. */
static size_t read_frames(Client *client, const unsigned char *bytes, size_t length) {
	int64_t now = measuring || paced ? now_microseconds() : 0;
	size_t at = 0;
	while (length - at >= 2) {
		const unsigned char *frame = bytes + at;
		size_t header = 2, size = frame[1] & 127;
		if (size == 126) header = 4;
		if (size == 127) header = 10;
		if (length - at < header) break;
		if (header > 2) {
			size = 0;
			for (size_t i = 2; i < header; i++) size = size << 8 | frame[i];
		}
		if (length - at < header + size) break;
		frame_end = frame + header + size;
		on_frame(client, frame[0] & 15, frame[0] & 0x40, (const char *)frame + header, size, now);
		at += header + size;
	}
	return at;
}

static size_t read_upgrade(Client *client, const char *bytes, size_t length) {
	const char *end = memmem(bytes, length, "\r\n\r\n", 4);
	if (!end) return 0;
	if (!STARTS_WITH(bytes, length, "HTTP/1.1 101")) fail("upgrade refused: %.40s", bytes);
	if (options.deflate && !memmem(bytes, (size_t)(end - bytes), "permessage-deflate", 18)) fail("compression was not agreed on");
	client->state = JOINING;
	upgrading--;
	if (prefix_length == 0) join(client);
	return (size_t)(end + 4 - bytes);
}

static void open_client(Client *client);

static void on_end(Client *client) {
	if (!client->stalled) fail("client %d lost its connection", client->index);
	if (client->state < JOINING) upgrading--;
	end_tls(&client->transport);
	close(client->transport.fd);
	client->rest_length = client->out_length = 0;
	reconnects++;
	open_client(client);
}

/* Whether there may be more. */
static bool read_some(Client *client) {
	while (client->rest_length + READ_SIZE > read_capacity) {
		read_buffer = realloc(read_buffer, read_capacity *= 2);
		if (!read_buffer) fail("out of memory");
	}
	memcpy(read_buffer, client->rest, client->rest_length);
	ssize_t got = read_bytes(&client->transport, read_buffer + client->rest_length, READ_SIZE);
	if (got < 0 && errno == EAGAIN) return false;
	if (got <= 0) return on_end(client), false;
	size_t length = client->rest_length + (size_t)got, used = 0;
	client->received += (uint64_t)got;
	read_end = (unsigned char *)read_buffer + length;
	if (client->state == UPGRADING) used = read_upgrade(client, read_buffer, length);
	if (client->state >= JOINING) used += read_frames(client, (unsigned char *)read_buffer + used, length - used);
	client->rest_length = length - used;
	client->rest = realloc(client->rest, client->rest_length);
	memcpy(client->rest, read_buffer + used, client->rest_length);
	return got == READ_SIZE;
}

static void on_readable(Client *client) {
	bool was_open = is_open(&client->transport);
	while (read_some(client) && options.tls) continue;
	if (!was_open && client->out_length > 0) flush(client);
}

/* ---- connecting ---- */

static void open_client(Client *client) {
	/* Several source addresses, since one has fewer ports than a large run has clients. */
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)client->index / 20000) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)node_ports[client->index % node_count]), .sin_addr.s_addr = htonl(0x7f000001u) };
	int on = 1, small = 4096;
	struct linger reset = { 1, 0 };
	client->transport.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->transport.fd < 0) fail("cannot open socket %d: %s", client->index, strerror(errno));
	setsockopt(client->transport.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	setsockopt(client->transport.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(client->transport.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	if (client->stalled) setsockopt(client->transport.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	if (bind(client->transport.fd, (struct sockaddr *)&from, sizeof from) < 0) fail("cannot bind: %s", strerror(errno));
	if (connect(client->transport.fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) fail("cannot connect: %s", strerror(errno));
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = client };
	epoll_ctl(poller, EPOLL_CTL_ADD, client->transport.fd, &event);
	client->state = CONNECTING;
	client->waits_writable = true;
	upgrading++;
}

static void on_connected(Client *client) {
	char request[1024];
	int length = snprintf(request, sizeof request,
		"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
		options.path, node_ports[client->index % node_count], options.deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "", options.header, options.header[0] ? "\r\n" : "");
	client->state = UPGRADING;
	if (options.tls && !start_tls(&client->transport)) fail("no TLS to be had");
	append(client, request, (size_t)length);
	client->waits_writable = true;
	flush(client);
}

static void create_clients(void) {
	int count = options.clients + options.stalled;
	clients = allocate((size_t)count, sizeof *clients);
	for (int i = 0; i < count; i++) {
		clients[i].index = i;
		clients[i].stalled = i >= options.clients;
		clients[i].next_broadcast = allocate((size_t)options.senders * 2, sizeof(uint32_t));
		clients[i].next_directed = clients[i].next_broadcast + options.senders;
		if (strcmp(options.mode, "storm") == 0) clients[i].joins = allocate((size_t)options.clients, sizeof(uint16_t));
	}
	sent_broadcasts = allocate((size_t)options.senders, sizeof *sent_broadcasts);
	bool directs = options.directed_every || options.mode[0] == 'p' || options.mode[0] == 'd';
	sent_directed = directs ? allocate((size_t)options.senders * (size_t)options.clients, sizeof *sent_directed) : NULL;
	sampled_every = options.clients > 256 && !paced ? 16 : 1;
}

/* Returns for how much there was something. */
static int turn(int timeout) {
	struct epoll_event events[1024];
	while (opened < options.clients + options.stalled && upgrading < CONNECTING_AT_ONCE) open_client(&clients[opened++]);
	int count = epoll_wait(poller, events, 1024, timeout);
	for (int i = 0; i < count; i++) {
		Client *client = events[i].data.ptr;
		send_due(); /* or it would wait until thousands are read */
		if (!client) continue; /* the timer or stdin: only to wake up */
		if (client->state == CONNECTING && !(events[i].events & (EPOLLERR | EPOLLHUP))) on_connected(client);
		else if (events[i].events & EPOLLIN) on_readable(client);
		else if (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) on_end(client);
		else if (events[i].events & EPOLLOUT) flush(client);
	}
	return count;
}

static void connect_all(double deadline) {
	while (ready < options.clients) {
		if (now_seconds() > deadline) fail("only %d of %d clients were ready in time", ready, options.clients);
		turn(50);
	}
}

/* ---- the kinds of runs ---- */

/* `carried` is how much of what was due in that time was delivered in it. */
static void report(Reading from, Reading to) {
	double wall = to.wall - from.wall, server = to.server - from.server, load = to.load - from.load;
	double others = (to.machine - from.machine - server - load) / wall / sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t came = to.delivered - from.delivered, due = to.expected - from.expected;
	printf("{\"deliveries\":%llu,\"seconds\":%.3f,\"serverCpu\":%.3f,\"loadCpu\":%.3f,\"others\":%.3f,\"reconnects\":%d,\"latencies\":%llu",
		(unsigned long long)came, wall, server, load - (to.looking - from.looking), others > 0 ? others : 0, reconnects, (unsigned long long)latencies.count);
	printf(",\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f", percentile(&latencies, 0.5), percentile(&latencies, 0.9),
		percentile(&latencies, 0.99), percentile(&latencies, 0.999), percentile(&latencies, 1 - 1e-9));
	if (paced) printf(",\"lateP99\":%.3f,\"carried\":%.3f", percentile(&lateness, 0.99), due ? (double)came / (double)due : 1);
	for (int i = 0; i < pid_count; i++) printf("%s%.3f%s", i ? "," : ",\"cpus\":[", to.each[i] - from.each[i], i + 1 < pid_count ? "" : "]");
	printf("}\n");
}

static void watch_plain(int fd) {
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

static void start_pairs(void) {
	for (int i = 0; i < options.clients; i += 2) {
		queue_message(i, i + 1, now_microseconds());
		flush(&clients[i]);
	}
}

static void save_trace(void) {
	uint16_t *ports = allocate((size_t)options.clients, sizeof *ports);
	for (int i = 0; i < options.clients; i++) {
		struct sockaddr_in own;
		socklen_t length = sizeof own;
		getsockname(clients[i].transport.fd, (struct sockaddr *)&own, &length);
		ports[i] = ntohs(own.sin_port);
	}
	save_notes(options.trace, ports, (size_t)options.clients);
}

/* Warms up, measures, then lets all that is under way arrive and checks that nothing follows. */
static void run_traffic(double deadline) {
	connect_all(deadline);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	bool windowed = strcmp(options.mode, "window") == 0, looks = paced && options.rate * SOON > 1;
	watch_plain(timer);
	double start = now_seconds(), measured = start + options.warm, stop = measured + options.seconds, settled = 0;
	Reading from = { 0 }, to = { 0 };
	next_due = start;
	measured_from = (int64_t)(measured * 1e6);
	measured_until = (int64_t)(stop * 1e6);
	if (!paced && !windowed) start_pairs();
	while (!settled || now_seconds() < settled) {
		send_due();
		if (!looks) wake_when_due(timer);
		if (windowed) fill_window();
		double begun = now_seconds();
		int came = turn(looks ? 0 : 20);
		double now = now_seconds();
		if (looks && came == 0) looking += fmin(now - begun, LONGEST_LOOK);
		if (!measuring && !stopping && now >= measured) {
			measuring = true;
			from = take_reading();
		}
		if (measuring && now >= stop) {
			measuring = false;
			stopping = true;
			to = take_reading();
		}
		if (stopping && !settled && delivered == expected) settled = now + 0.05;
		if (now > deadline) fail("%llu deliveries are missing", (unsigned long long)(expected - delivered));
	}
	if (delivered != expected) fail("%llu deliveries too many", (unsigned long long)(delivered - expected));
	if (options.trace[0]) save_trace();
	report(from, to);
}

/* Whoever came first is told of all joins: the list that all others must have the tail of. */
static Client *told_of_all(void) {
	for (int i = 0; i < options.clients; i++)
		if (clients[i].join_count == options.clients) return &clients[i];
	return NULL;
}

static bool storm_is_over(void) {
	Client *first = told_of_all();
	for (int i = 0; first && i < options.clients; i++) {
		Client *client = &clients[i];
		if (client->join_count == 0 || client->joins[client->join_count - 1] != first->joins[options.clients - 1]) return false;
	}
	return first != NULL;
}

static void check_storm(void) {
	Client *first = told_of_all();
	for (int i = 0; i < options.clients; i++) {
		bool own = false;
		int count = clients[i].join_count, missed = options.clients - count;
		for (int k = 0; k < count; k++) own = own || clients[i].joins[k] == i;
		if (!own || memcmp(clients[i].joins, first->joins + missed, (size_t)count * sizeof(uint16_t)) != 0)
			fail("client %d was told of joins out of order, or not of all", i);
	}
}

static void run_storm(double deadline) {
	Reading from = take_reading();
	while (!storm_is_over()) {
		if (now_seconds() > deadline) fail("joins are missing after %llu", (unsigned long long)delivered);
		turn(50);
	}
	Reading to = take_reading();
	check_storm();
	report(from, to);
}

/* Connects and says so, then answers pings until its input ends. */
static void run_idle(double deadline) {
	char byte;
	connect_all(deadline);
	printf("{\"ready\":%d}\n", ready);
	fflush(stdout);
	fcntl(0, F_SETFL, O_NONBLOCK);
	watch_plain(0);
	while (read(0, &byte, 1) != 0) turn(1000);
}

static void read_option(const char *argument) {
	const char *value = strchr(argument, '=');
	if (!value) fail("not key=value: %s", argument);
	size_t length = (size_t)(value++ - argument);
#define NUMBER(name) if (length == sizeof #name - 1 && strncmp(argument, #name, length) == 0) { options.name = atof(value); return; }
#define TEXT(name) if (length == sizeof #name - 1 && strncmp(argument, #name, length) == 0) { snprintf(options.name, sizeof options.name, "%s", value); return; }
	NUMBER(port) NUMBER(pid) NUMBER(clients) NUMBER(senders) NUMBER(window) NUMBER(size) NUMBER(stalled) NUMBER(directed_every) NUMBER(deflate) NUMBER(poisson) NUMBER(tls) NUMBER(filters)
	NUMBER(rate) NUMBER(warm) NUMBER(seconds) NUMBER(deadline)
	TEXT(path) TEXT(mode) TEXT(join) TEXT(dialect) TEXT(header) TEXT(trace) TEXT(ports) TEXT(pids)
	fail("unknown option: %s", argument);
}

/* Numbers between commas; where there are none, the one. */
static int read_numbers(const char *text, int one, int *numbers) {
	int count = 0;
	if (!text[0]) numbers[count++] = one;
	for (const char *at = text; *at; at += strcspn(at, ","), at += *at == ',') {
		if (count == MOST_NODES) fail("more than %d nodes", MOST_NODES);
		numbers[count++] = atoi(at);
	}
	return count;
}

int main(int count, char **arguments) {
	for (int i = 1; i < count; i++) read_option(arguments[i]);
	node_count = read_numbers(options.ports, options.port, node_ports);
	pid_count = read_numbers(options.pids, options.pid, node_pids);
	if (strcmp(options.dialect, "socket.io") == 0) {
		prefix = "42[\"m\",";
		suffix = "]";
		prefix_length = strlen(prefix);
	}
	paced = options.rate > 0;
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
	poller = epoll_create1(0);
	read_buffer = allocate(read_capacity, 1);
	create_clients();
	double deadline = now_seconds() + options.deadline;
	if (strcmp(options.mode, "storm") == 0) run_storm(deadline);
	else if (strcmp(options.mode, "idle") == 0) run_idle(deadline);
	else run_traffic(deadline);
	return 0;
}
