package capture

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

const (
	// manyRefusals is how many objects must have refused a part, with none that gave it,
	// before the part counts as closed to this identity and is no longer asked for.
	manyRefusals = 20
	// maxExceptions bounds how many exceptions of one kind a manifest names. Beyond it the
	// part that has the most is closed for the kind; where whole objects are beyond it,
	// the kind counts as not read.
	maxExceptions = 1000
)

// part gathers what became of one link or contained collection of the objects of a kind,
// or with an empty name, of whole objects.
type part struct {
	read    int // objects that gave it
	refused int // objects that this identity may not have it of
	failed  int // objects that did not give it for another reason
	unasked int // objects that were not asked, since it is closed
	first   error
	// exceptions are the causes by object, one more than maxExceptions at most.
	exceptions map[string]string
}

// gave notes that an object gave the part, maybe at another try.
func (p *part) gave(id string) {
	p.read++
	delete(p.exceptions, id)
}

// missed notes that an object did not give the part.
func (p *part) missed(id string, err error) {
	if p.first == nil {
		p.first, p.exceptions = err, map[string]string{}
	}
	_, unasked := errors.AsType[notGranted](err) // which says nothing of other objects
	if !unasked && entra.Denied(err) {
		p.refused++
	} else {
		p.failed++
	}
	if len(p.exceptions) <= maxExceptions {
		p.exceptions[id] = cause(err)
	}
}

// closed returns why it is useless to ask for the part again: every object of many
// refused it.
func (p *part) closed() error {
	if p == nil || p.read > 0 || p.failed > 0 || p.refused < manyRefusals {
		return nil
	}
	return p.first
}

// count is how many objects did not give the part.
func (p *part) count() int {
	if len(p.exceptions) > maxExceptions {
		return p.refused + p.failed + p.unasked
	}
	return len(p.exceptions) + p.unasked
}

// why is the cause of the first exception in their order.
func (p *part) why() string {
	if len(p.exceptions) == 0 {
		return ""
	}
	return p.exceptions[slices.Min(slices.Collect(maps.Keys(p.exceptions)))]
}

// list returns the exceptions of the part with that name.
func (p *part) list(name string) []entra.Exception {
	list := make([]entra.Exception, 0, len(p.exceptions))
	for id, why := range p.exceptions {
		list = append(list, entra.Exception{ID: id, Part: name, Cause: why})
	}
	return list
}

// detail sums failures up for the person who ran the capture.
func (p *part) detail(what string) error {
	if p.count() == 1 {
		return fmt.Errorf("%snot read for 1 object: %w", what, p.first)
	}
	return fmt.Errorf("%snot read for %d objects, first: %w", what, p.count(), p.first)
}

// part returns what is known of a part; "" stands for whole objects.
func (r *result) part(name string) *part {
	p := r.parts[name]
	if p == nil {
		p = &part{}
		r.parts[name] = p
	}
	return p
}

// closedParts names the parts that the kind as a whole is said not to have read, so that
// the exceptions of the others stay within their bound.
func (r *result) closedParts() []string {
	var closed, open []string
	left := 0
	for name, p := range r.parts {
		switch {
		case name == "":
		case p.closed() != nil, r.Kind.Singleton:
			closed = append(closed, name)
		default:
			open = append(open, name)
			left += len(p.exceptions)
		}
	}
	slices.SortFunc(open, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(r.parts[b].exceptions), len(r.parts[a].exceptions)), strings.Compare(a, b))
	})
	for left > maxExceptions {
		closed = append(closed, open[0])
		left -= len(r.parts[open[0]].exceptions)
		open = open[1:]
	}
	return closed
}

// except puts what single objects and parts lack into the coverage, and says so in its
// cause.
func (r *result) except() (causes []string) {
	closed := r.closedParts()
	var exceptions []entra.Exception
	for _, name := range sortedKeys(r.parts) {
		p := r.parts[name]
		if p.count() == 0 {
			continue
		}
		_, short, _ := strings.Cut(name, "/")
		why := r.lacking(short, p.why(), p.first)
		switch {
		case name == "":
			causes = append(causes, objects(p.count())+" not read: "+why)
			r.Details = append(r.Details, p.detail(""))
			exceptions = append(exceptions, p.list(name)...)
			continue
		case !slices.Contains(closed, name):
			causes = append(causes, short+" of "+objects(p.count())+" not read: "+why)
			exceptions = append(exceptions, p.list(name)...)
		case p.closed() != nil:
			causes = append(causes, short+" not read: "+why)
		default:
			causes = append(causes, short+" not read, since "+objects(p.count())+" did not give it: "+why)
		}
		r.Details = append(r.Details, p.detail(short+" "))
		if slices.Contains(closed, name) {
			r.Coverage.Links = without(r.Coverage.Links, short)
			r.Coverage.Contained = without(r.Coverage.Contained, short)
			if strings.HasPrefix(name, entra.SectionSpec+"/") {
				if len(r.Coverage.Properties) == 0 { // the whole answer was kept
					r.Coverage.Properties = selected(r.Kind)
				}
				r.Coverage.Properties = without(r.Coverage.Properties, short)
			}
		}
	}
	r.Coverage = r.Coverage.Except(exceptions...)
	return causes
}

// objects counts objects in words.
func objects(n int) string {
	if n == 1 {
		return "1 object"
	}
	return fmt.Sprintf("%d objects", n)
}
