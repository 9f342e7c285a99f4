package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// Incident is what a scenario did to a tenant.
type Incident struct {
	// Requests were made; Refused of them Graph did not grant, the first of which said
	// Refusal.
	Requests int    `json:"requests"`
	Refused  int    `json:"refused,omitempty"`
	Refusal  string `json:"refusal,omitempty"`
	// Idle are the requests of the scenario, counted from 1, that mean nothing in the snapshot.
	Idle []int `json:"idle,omitempty"`
	// Objects are those that are not as before, by kind.
	Objects map[string]int `json:"objects"`
}

// play makes the requests of a scenario.
func (t *tenant) play(ctx context.Context, s *Scenario, seed uint64) (Incident, error) {
	p := &playing{tenant: t, choose: chooser{from: t.from, scenario: s.Name, seed: seed}, named: map[string]*entra.Object{}}
	if err := p.pick(s); err != nil {
		return p.done, err
	}
	for i := range s.Requests {
		made, err := p.request(ctx, &s.Requests[i])
		if err != nil {
			return p.done, fmt.Errorf("scenario %s: request %d: %w", s.Name, i+1, err)
		}
		if made == 0 {
			p.done.Idle = append(p.done.Idle, i+1)
		}
	}
	return p.done, nil
}

// playing is a scenario under way.
type playing struct {
	*tenant
	choose chooser
	named  map[string]*entra.Object // picked objects and answers
	guids  int
	done   Incident
}

// pick finds the objects that the scenario calls by name; of another name each is another
// object.
func (p *playing) pick(s *Scenario) error {
	taken := map[entra.Key]bool{}
	for _, name := range s.picks() {
		choice := s.Pick[name]
		all, err := p.choose.chosen(&choice)
		if err != nil {
			return err
		}
		for _, o := range all {
			if !taken[o.Key] {
				taken[o.Key], p.named[name] = true, o
				break
			}
		}
	}
	return nil
}

// request makes a request for each object that it is for, and returns how many were made.
func (p *playing) request(ctx context.Context, r *Request) (int, error) {
	objects := []*entra.Object{nil}
	if r.For != "" {
		all, err := p.choose.chosen(&r.Choice)
		if err != nil {
			return 0, err
		}
		n, _ := r.take(len(all)) // a number, as Parse made sure
		objects = all[:n]
	}
	var batch []graph.BatchRequest
	for _, o := range objects {
		one, ok, err := p.render(r, o)
		if err != nil {
			return 0, err
		}
		if ok {
			batch = append(batch, one)
		}
	}
	answers, err := p.free.Batch(ctx, batch)
	if err != nil {
		return 0, err
	}
	for _, answer := range answers {
		if err := p.note(r, answer); err != nil {
			return 0, err
		}
	}
	return len(batch), nil
}

// render fills a request in. It reports false where the snapshot has no value for one of its
// placeholders.
func (p *playing) render(r *Request, o *entra.Object) (graph.BatchRequest, bool, error) {
	value := func(name string) (string, bool) { return p.value(name, o) }
	escaped := func(name string) (string, bool) {
		v, ok := value(name)
		return url.PathEscape(v), ok
	}
	out := graph.BatchRequest{Method: r.Method}
	var ok bool
	if out.Path, ok = fill(r.Path, escaped); !ok || r.Body == nil {
		return out, ok, nil
	}
	body, ok := fillAny(r.Body, value)
	if !ok {
		return out, false, nil
	}
	var err error
	out.Body, err = json.Marshal(body)
	return out, true, err
}

// value is what a placeholder stands for.
func (p *playing) value(name string, o *entra.Object) (string, bool) {
	switch name {
	case wordGraph:
		return p.base, true
	case wordNew:
		p.guids++
		return p.choose.guid(p.guids), true
	}
	if of, rest, dotted := cutName(name); dotted {
		if p.named[of] == nil {
			return "", false
		}
		return property(p.named[of], rest)
	}
	return property(o, name)
}

// note keeps what an answer says.
func (p *playing) note(r *Request, answer graph.BatchResponse) error {
	p.done.Requests++
	if answer.Err != nil {
		if errors.Is(answer.Err, context.Canceled) {
			return answer.Err
		}
		if p.done.Refused++; p.done.Refusal == "" {
			p.done.Refusal = answer.Err.Error()
		}
		return nil
	}
	if r.As == "" {
		return nil
	}
	var body map[string]any
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return fmt.Errorf("the answer that is called %s: %w", r.As, err)
	}
	id, _ := body["id"].(string)
	p.named[r.As] = &entra.Object{Key: entra.Key{ID: id}, Status: body}
	return nil
}
