package apply

import (
	"container/heap"
	"context"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// readAhead is how many planned objects are read at a time, shortly before they are
// written. No more of them are kept, but for those that have more steps to come.
const readAhead = 500

// schedule makes the steps of a plan, those together that can be made together. All of its
// own state is used by one goroutine.
type schedule struct {
	*run
	ctx      context.Context
	together int
	ended    chan int // steps whose goroutine has ended

	phases  []plan.Phase
	results []entra.StepOutcome
	running map[entra.Key]bool
	known   map[entra.Key]bool // read, and not since taken back or created
	judged  map[entra.Key]bool // compared with the plan
	left    map[entra.Key]int  // steps to come
	order   []int              // all steps, as they begin if nothing holds them up
	place   map[int]int        // where a step is in that order
	next    map[int][]int      // steps that come after one
	waiting map[int]int        // how many steps come before one
	ready   indexes
	done    func(entra.Step, entra.StepOutcome)
}

// indexes are the steps that can begin, the first in the plan's order on top.
type indexes []int

// Len implements [heap.Interface].
func (x indexes) Len() int { return len(x) }

// Less implements [heap.Interface].
func (x indexes) Less(i, j int) bool { return x[i] < x[j] }

// Swap implements [heap.Interface].
func (x indexes) Swap(i, j int) { x[i], x[j] = x[j], x[i] }

// Push implements [heap.Interface].
func (x *indexes) Push(v any) { *x = append(*x, v.(int)) }

// Pop implements [heap.Interface].
func (x *indexes) Pop() any {
	last := (*x)[len(*x)-1]
	*x = (*x)[:len(*x)-1]
	return last
}

// newSchedule prepares a run's plan.
func (r *run) newSchedule(ctx context.Context, opts Options) *schedule {
	s := &schedule{
		run: r, ctx: ctx, together: max(opts.Together, 1), ended: make(chan int), done: opts.Done,
		phases:  plan.Phases(&r.plan),
		results: make([]entra.StepOutcome, len(r.plan.Steps)),
		place:   map[int]int{}, running: map[entra.Key]bool{}, known: map[entra.Key]bool{}, judged: map[entra.Key]bool{}, left: map[entra.Key]int{},
	}
	for _, node := range slices.Concat(s.phases...) {
		step := r.plan.Steps[node.Step]
		s.place[node.Step] = len(s.order)
		s.order = append(s.order, node.Step)
		if s.left[step.Key]++; s.left[step.Key] == 1 {
			r.keys = append(r.keys, step.Key)
			r.subjects[step.Key] = &subject{replication: pauses{longest: replication}}
		}
	}
	return s
}

// all makes the steps, phase by phase, and says how each ended.
func (s *schedule) all() []entra.StepOutcome {
	for _, phase := range s.phases {
		s.phase(phase)
	}
	return s.results
}

// prepare reads the objects that are written first. Who is to see everything as it is before
// the first write is shown the others too.
func (s *schedule) prepare(before func(Reading) error) error {
	s.recall()
	chunks := slices.Chunk(s.keys, readAhead)
	if before == nil {
		for some := range chunks {
			return s.read(some)
		}
		return nil
	}
	defer func(r Reader) { s.reader = r }(s.reader)
	s.reader = observed{s.reader, before}
	for some := range chunks {
		if len(s.known) == 0 {
			if err := s.read(some); err != nil {
				return err
			}
		} else if _, err := s.objects(s.ctx, some...); err != nil {
			return err
		}
	}
	return nil
}

// phase makes the steps of one phase.
func (s *schedule) phase(phase plan.Phase) {
	s.next, s.waiting, s.ready = map[int][]int{}, map[int]int{}, nil
	for at, node := range phase {
		for _, before := range node.After {
			s.next[before] = append(s.next[before], at)
		}
		if s.waiting[at] = len(node.After); s.waiting[at] == 0 {
			heap.Push(&s.ready, at)
		}
	}
	s.courier.enter()
	defer s.courier.leave()
	running := 0
	for range phase {
		for len(s.ready) > 0 && running < s.together {
			at, _ := heap.Pop(&s.ready).(int)
			running++
			s.begin(phase[at].Step)
		}
		var i int
		s.courier.aside(func() { i = <-s.ended })
		running--
		s.end(i)
	}
}

// begin starts a step, after its object was read.
func (s *schedule) begin(i int) {
	step := s.plan.Steps[i]
	s.load(i)
	s.running[step.Key] = true
	s.courier.enter()
	go func() {
		o := entra.StepOutcome{Step: step.ID}
		o.Result, o.Error = s.step(s.ctx, step)
		s.results[i] = o
		s.note(step.ID, o.Result)
		s.ended <- i
	}()
}

// end notes that a step has ended, and which can begin now.
func (s *schedule) end(i int) {
	step := s.plan.Steps[i]
	on := s.subjects[step.Key]
	delete(s.running, step.Key)
	if on.arrived && on.live == nil {
		delete(s.known, step.Key) // it is there now, and has to be read
	}
	if s.left[step.Key]--; s.left[step.Key] == 0 {
		on.live = nil
	}
	for _, at := range s.next[i] {
		if s.waiting[at]--; s.waiting[at] == 0 {
			heap.Push(&s.ready, at)
		}
	}
	if s.done != nil {
		s.done(step, s.results[i])
	}
	s.courier.leave()
}

// load reads the object of a step, where that is still to be done, together with those of
// the steps after it.
func (s *schedule) load(i int) {
	if s.known[s.plan.Steps[i].Key] || s.stopped() != nil {
		return
	}
	var keys []entra.Key
	chosen := map[entra.Key]bool{}
	for _, i := range s.order[s.place[i]:] {
		key := s.plan.Steps[i].Key
		if s.known[key] || s.running[key] || chosen[key] {
			continue
		}
		chosen[key] = true
		if keys = append(keys, key); len(keys) == readAhead {
			break
		}
	}
	if err := s.read(keys); err != nil {
		_ = s.stop(fmt.Errorf("read the planned objects: %w", err))
	}
}

// read reads planned objects, and finds those that moved on since the plan was made.
func (s *schedule) read(keys []entra.Key) error {
	var objects map[entra.Key]seen
	var err error
	s.courier.aside(func() { objects, err = s.objects(s.ctx, keys...) })
	if err != nil {
		return err
	}
	var encoder canon.Encoder
	for _, key := range keys {
		s.known[key] = true
		on := s.subjects[key]
		if on.live = objects[key].object; s.judged[key] {
			continue
		}
		s.judged[key] = true
		if err := s.judge(&encoder, kind.ByName(key.Kind), key, objects[key]); err != nil {
			return err
		}
	}
	return nil
}

// judge compares an object, as it was read first, with what the plan noted of it.
func (r *run) judge(encoder *canon.Encoder, k *kind.Kind, key entra.Key, was seen) error {
	now, err := plan.Hash(encoder, k, was.object)
	if err != nil {
		return err
	}
	on := r.subjects[key]
	noted, ok := r.plan.Live[key.String()]
	if on.moved = !ok || now != noted || !r.same(k, key, was.object); on.moved {
		r.ahead(key, on)
	}
	if lack := was.extent.Exceptions(); len(lack) > 0 && (on.moved || lack[0].Part == "") {
		on.unread = lack[0].Cause
	}
	return r.takeUp(k, key, on, encoder)
}
