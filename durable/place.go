package durable

import "github.com/nats-io/nats.go/jetstream"

// place is where a reader is: the sequence that it wants next, 0 as long as its start option decides.
type place struct {
	*stream
	next  uint64
	onGap []func(*GapError)
}

// check compares what is wanted with what the stream has. A gap fails, or is reported to the hooks and skipped.
func (p *place) check(now sight) error {
	recreated := p.incarnation != "" && p.incarnation != now.incarnation
	p.incarnation = now.incarnation
	switch {
	case recreated:
		return p.skip(&GapError{First: now.first, Last: now.last, Recreated: true}, now.first)
	case p.next == 0:
		return nil
	case p.next < now.first:
		return p.skip(&GapError{First: now.first, Last: now.last}, now.first)
	case p.next > now.last+1:
		return p.skip(&GapError{First: now.first, Last: now.last}, now.last+1)
	default:
		return nil
	}
}

// skip continues at next if there is a hook for gaps, and fails otherwise.
func (p *place) skip(gap *GapError, next uint64) error {
	gap.Stream, gap.Wanted = p.name, p.next
	if len(p.onGap) == 0 {
		return gap
	}
	p.next = next
	for _, hook := range p.onGap {
		hook(gap)
	}
	return nil
}

// resume compares the place with the stream. If there is no place yet, the start option decides.
func (p *place) resume(now sight, start start) error {
	if p.next == 0 && start.cursor != "" {
		incarnation, seq, err := parseCursor(start.cursor)
		if err != nil {
			return err
		}
		p.incarnation, p.next = incarnation, seq+1
	}
	if err := p.check(now); err != nil || p.next != 0 {
		return err
	}
	switch start.policy {
	case jetstream.DeliverAllPolicy:
		p.next = now.first
		if start.tail > 0 && now.last > start.tail {
			p.next = max(p.next, now.last+1-start.tail)
		}
	case jetstream.DeliverNewPolicy:
		p.next = now.last + 1
	case jetstream.DeliverByStartSequencePolicy:
		p.next = start.seq
		return p.check(now)
	}
	return nil // the server knows the sequence of a time, and of the last messages
}

// apply sets where a consumer begins.
func (p *place) apply(config *jetstream.ConsumerConfig, start start) {
	if p.next != 0 {
		config.DeliverPolicy, config.OptStartSeq = jetstream.DeliverByStartSequencePolicy, p.next
		return
	}
	config.DeliverPolicy = start.policy
	if start.policy == jetstream.DeliverByStartTimePolicy {
		config.OptStartTime = &start.time
	}
}

func filter(config *jetstream.ConsumerConfig, subjects []string) {
	switch {
	case len(subjects) == 1:
		config.FilterSubject = subjects[0]
	case len(subjects) > 1:
		config.FilterSubjects = subjects
	case config.DeliverPolicy == jetstream.DeliverLastPerSubjectPolicy:
		config.FilterSubject = ">" // the server demands one
	}
}
