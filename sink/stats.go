package sink

import "sync/atomic"

// Stats are the counters of a [Handler]. All but Clients count from the start of the Handler.
type Stats struct {
	Clients      int   // clients being served
	Served       int64 // clients that were sent a response of events, including those being served
	Refused      int64 // requests that were answered with an error
	Disconnected int64 // clients that were disconnected because they were too slow
	Replayed     int64 // clients that began with events that were kept
	CaughtUp     int64 // clients that entered the stream from History
	Gaps         int64 // clients whose last event was no longer known, so that they missed some

	Published int64 // events of the stream
	Sent      int64 // events written to clients, counted for each client
	Bytes     int64 // bytes written to clients, without those of HTTP
}

// counters are what Stats reads.
type counters struct {
	served, refused, disconnected, replayed, caughtUp, gaps, published, sent, bytes atomic.Int64
}

// Stats returns the counters. It is cheap enough to be called at each scrape of a monitoring system. It does not stop
// the clients, so the counters are read at slightly different moments.
func (h *Handler[T]) Stats() Stats {
	c := &h.watch.counters
	return Stats{
		Clients:      h.watch.count(),
		Served:       c.served.Load(),
		Refused:      c.refused.Load(),
		Disconnected: c.disconnected.Load(),
		Replayed:     c.replayed.Load(),
		CaughtUp:     c.caughtUp.Load(),
		Gaps:         c.gaps.Load(),
		Published:    c.published.Load(),
		Sent:         c.sent.Load(),
		Bytes:        c.bytes.Load(),
	}
}
