package sink

// index finds the events that follow the one with an ID, in a log that keeps the latest events.
type index struct {
	size int // how many events are kept

	end    uint64            // the position of the next event
	named  uint64            // the position after the latest event that has an ID
	newest string            // the ID of that event, or "" if there is none
	after  map[string]uint64 // the position after the event with an ID: of those that are kept, and the one before
	ids    []string          // the ID of the event at position p is in ids[p % (size + 1)]
}

// newIndex returns the index of a log that keeps so many events. The origin, if not "", is the ID of the position before
// the first event.
func newIndex(size int, origin string) *index {
	return &index{size: size, newest: origin, after: map[string]uint64{origin: 0}}
}

// add adds the next event, whose ID may be "".
func (x *index) add(id string) {
	if len(x.ids) <= x.size {
		x.ids = append(x.ids, id)
	} else {
		slot := &x.ids[x.end%uint64(len(x.ids))]
		if x.after[*slot] <= x.start() { // otherwise, the ID has come again
			delete(x.after, *slot)
		}
		*slot = id
	}
	x.end++
	if id != "" {
		x.after[id] = x.end
		x.named, x.newest = x.end, id
	}
}

// start returns the position of the first event that is kept.
func (x *index) start() uint64 { return x.end - min(x.end, uint64(x.size)) }

// find returns the position after the event with an ID. It returns false if there is none, or if an event after it is no
// longer kept.
func (x *index) find(id string) (position uint64, ok bool) {
	position, ok = x.after[id]
	return position, ok && id != "" && position >= x.start()
}
