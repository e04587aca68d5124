package sse

// Held returns how many bytes the decoder's buffers have room for.
func (d *Decoder) Held() int { return cap(d.in.held) + cap(d.fixed) }

// Names returns how many type names the decoder keeps.
func (d *Decoder) Names() int { return len(d.types.seen) }

// Valid calls valid.
func Valid(b []byte) bool { return valid(b) }
