/* A client's socket, plain or under TLS. Reading and writing answer as recv and send do. */
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#ifdef WITH_TLS
#include <openssl/ssl.h>

typedef struct { int fd; SSL *tls; } Transport;

static SSL_CTX *tls_context;

/* Whose certificate it is does not matter: the hub made it a moment ago. */
static bool start_tls(Transport *transport) {
	if (!tls_context) {
		tls_context = SSL_CTX_new(TLS_client_method());
		if (!tls_context) return false;
		SSL_CTX_set_mode(tls_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
		SSL_CTX_set_read_ahead(tls_context, 1);
	}
	transport->tls = SSL_new(tls_context);
	if (!transport->tls || SSL_set_fd(transport->tls, transport->fd) != 1) return false;
	SSL_set_connect_state(transport->tls);
	return true;
}

/* Until then what is written waits for what the hub has to say. */
static bool is_open(const Transport *transport) { return !transport->tls || SSL_is_init_finished(transport->tls); }

static void end_tls(Transport *transport) {
	SSL_free(transport->tls);
	transport->tls = NULL;
}

static ssize_t result_of(SSL *tls, int result, size_t done) {
	if (done > 0 || result > 0) return (ssize_t)done;
	int error = SSL_get_error(tls, result);
	errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
	return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

/* Record by record, to the last: of what OpenSSL has read ahead the kernel tells nothing any more. */
static ssize_t read_bytes(Transport *transport, char *to, size_t length) {
	if (!transport->tls) return recv(transport->fd, to, length, MSG_DONTWAIT);
	size_t done = 0;
	int got = 1;
	while (done < length && (got = SSL_read(transport->tls, to + done, (int)(length - done))) > 0) done += (size_t)got;
	return result_of(transport->tls, got, done);
}

static ssize_t write_bytes(Transport *transport, const char *from, size_t length) {
	if (!transport->tls) return send(transport->fd, from, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	size_t done = 0;
	int put = 1;
	while (done < length && (put = SSL_write(transport->tls, from + done, (int)(length - done))) > 0) done += (size_t)put;
	return result_of(transport->tls, put, done);
}
#else
typedef struct { int fd; } Transport;

static bool start_tls(Transport *transport) { return (void)transport, false; }
static bool is_open(const Transport *transport) { return (void)transport, true; }
static void end_tls(Transport *transport) { (void)transport; }

static ssize_t read_bytes(Transport *transport, char *to, size_t length) { return recv(transport->fd, to, length, MSG_DONTWAIT); }

static ssize_t write_bytes(Transport *transport, const char *from, size_t length) {
	return send(transport->fd, from, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}
#endif
