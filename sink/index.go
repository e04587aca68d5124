package sink

// index has the positions in the log of the events that are kept, by ID. The zero index keeps none.
type index struct {
	size      int // how many are kept
	positions map[string]uint64
	ids       []string // of the event at position p in ids[p % size]
	end       uint64   // the position of the next event
	named     uint64   // the position after the latest event that has an ID
}

// add notes that the next event has an ID, which may be "".
func (x *index) add(id string) {
	at := x.end
	x.end++
	if id != "" {
		x.named = x.end
	}
	if x.size == 0 {
		return
	}
	if x.positions == nil {
		x.positions, x.ids = make(map[string]uint64), make([]string, 0)
	}
	if len(x.ids) < x.size {
		x.ids = append(x.ids, id)
	} else {
		slot := &x.ids[at%uint64(x.size)]
		if before, ok := x.positions[*slot]; ok && before == at-uint64(x.size) {
			delete(x.positions, *slot)
		}
		*slot = id
	}
	if id != "" {
		x.positions[id] = at
	}
}

// start returns the position of the first event that is kept.
func (x *index) start() uint64 { return x.end - min(x.end, uint64(x.size)) }

// after returns the position after the event with an ID, if that is kept.
func (x *index) after(id string) (position uint64, ok bool) {
	at, ok := x.positions[id]
	return at + 1, ok
}
