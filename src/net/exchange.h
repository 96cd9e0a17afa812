/*
 * exchange - the one join between the network and what is served on it.
 *
 * The network collects a connection's request bytes and hands all it has to the
 * handler; the handler says "read on" or fills an answer. Neither side knows more of
 * the other: no syntax of Gemini or Gopher in net/, no socket outside of it.
 *
 *	static enum exchange_step answer(void *site, const struct exchange_input *in,
 *					 struct exchange_answer *out)
 *	{
 *		if (!in->ended && str_find(in->received, '\n', 0) == STR_NOT_FOUND)
 *			return EXCHANGE_MORE;
 *		out->head = STR("20 text/gemini\r\n");
 *		out->body = STR("# Hello\n");
 *		return EXCHANGE_ANSWER;
 *	}
 *
 * Handlers run in several worker threads at once, each connection in one of them, and
 * must not block for long: they hold up the other connections of that worker.
 */
#ifndef NET_EXCHANGE_H
#define NET_EXCHANGE_H

#include "base/str.h"

enum listener_kind {
	LISTENER_GEMINI, /* TLS only; other bytes are not answered (GEM-2) */
	LISTENER_GOPHER, /* plain, and TLS when the first byte says so */
};

enum peer_validity {
	PEER_VALID, /* or there is no certificate */
	PEER_NOT_YET_VALID,
	PEER_EXPIRED,
};

/* Who is asking. Valid during the call only. */
struct peer {
	struct str address;     /* "192.0.2.7", "2001:db8::1"; IPv4-mapped as IPv4 (OTH-78) */
	struct str certificate; /* SHA-256 of its DER in lower-case hex; empty = none shown */
	struct str
	    public_key; /* the same of its SubjectPublicKeyInfo, survives re-issue (GEM-96) */
	enum peer_validity validity; /* by the certificate's dates, never by a CA (GEM-77) */
};

/* The slices are valid during the call only. */
struct exchange_input {
	struct str received; /* every request byte so far, at most the listener's request_max */
	bool ended;          /* nothing more will come: the peer closed its side, request_max is
				reached, or the deadline has passed. Answer now (59, ...) */
	bool timed_out;      /* ended by the deadline */
	bool full;           /* ended by request_max; EXCHANGE_UPLOAD may still ask for more */
	bool tls;
	enum listener_kind kind;
	unsigned listener;      /* its index in workers_settings.listeners */
	unsigned worker;        /* 0 .. workers - 1: for caches that no other thread touches */
	struct str server_name; /* SNI; empty when there is none */
	struct peer peer;
};

/* How an answer ended. */
struct exchange_result {
	uint64_t bytes;        /* of head, body and file that were handed to the system */
	uint64_t microseconds; /* from the handler's call to the last byte handed over */
	bool complete;         /* everything went out; false when the peer went away first */
};

/*
 * Comes zeroed but for fd = -1. Sent in this order: head, body, file. Nothing to send
 * at all means: close without an answer.
 */
struct exchange_answer {
	struct str head; /* both live until finished() */
	struct str body;
	int fd;           /* or -1: a regular file, read from offset 0; closed by the network */
	uint64_t fd_size; /* never more than this is sent; less when the file has shrunk */

	/*
	 * Called once, in the worker's thread, when the answer has been sent or dropped: the
	 * place for the access log and for giving back what head and body live in. May be NULL.
	 */
	void (*finished)(void *owner, const struct exchange_result *);
	void *owner;

	/* EXCHANGE_UPLOAD: how many bytes `received` must reach in all. */
	size_t upload;
};

enum exchange_step {
	EXCHANGE_MORE,   /* the request is not whole: read on (never when `ended`) */
	EXCHANGE_TAIL,   /* the same, but it can be answered as it is when the rest does not come
			    in two seconds */
	EXCHANGE_UPLOAD, /* the request line is whole, its payload follows: call again when
			    `upload` bytes are there or `ended` */
	EXCHANGE_ANSWER, /* `answer` is filled */
};

typedef enum exchange_step exchange_handler(void *context, const struct exchange_input *,
					    struct exchange_answer *);

#endif
