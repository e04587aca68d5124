package sink

// responses is a set of responses. Each response keeps its own place in the set, so that it is removed without a search
// and costs less memory than in a map. It must not be used concurrently.
type responses struct {
	all   []*response
	place func(*response) *int32 // returns where a response keeps its place
}

func (s *responses) add(p *response) {
	*s.place(p) = int32(len(s.all))
	s.all = append(s.all, p)
}

func (s *responses) remove(p *response) {
	at, last := *s.place(p), len(s.all)-1
	s.all[at] = s.all[last]
	*s.place(s.all[at]) = at
	s.all[last] = nil
	s.all = s.all[:last]
}
