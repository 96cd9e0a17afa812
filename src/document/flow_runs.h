/*
 * flow_runs - what the parts of flow share.
 */
#ifndef DOCUMENT_FLOW_RUNS_H
#define DOCUMENT_FLOW_RUNS_H

#include "document/flow.h"

/* A new run of the open leaf, which is opened if need be, in the present style and link. */
struct run *flow_run(struct flow *, enum run_kind, struct str text);

#endif
