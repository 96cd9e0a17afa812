/*
 * progress - the three answers of every reader of requests.
 *
 * Readers are pure functions over all bytes received so far: they are called again with more
 * bytes until they no longer say WIRE_INCOMPLETE.
 */
#ifndef WIRE_PROGRESS_H
#define WIRE_PROGRESS_H

enum wire_progress {
	WIRE_INCOMPLETE, /* more bytes are needed */
	WIRE_COMPLETE,
	WIRE_BAD, /* no request of this protocol; more bytes cannot mend it */
};

#endif
