// Package capture turns a tenant into the files of a snapshot: it reads each kind
// through a [Source], gives every object its canonical bytes, and puts them into a
// [Sink]. Backup and the live side of a comparison differ only in their sink.
//
// It owns the order of reading, what a failed read means, and coverage. It knows
// neither Git nor HTTP. Its one law: not read is not deleted. Only a kind whose
// collection was read to its end loses files; anything else keeps what the
// snapshot before it had, and says so in its coverage.
package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// Source is the tenant, as far as capture needs it. [graph.Client] is one.
type Source interface {
	// Cloud returns the name of the cloud that the tenant is in; empty is the global one.
	Cloud() string
	// Unknown returns the properties that such a request asked for and Graph does not know,
	// so that the answers are without them, and why.
	Unknown(path string, query url.Values) map[string]error
	// List yields the raw JSON of each object of a collection.
	List(ctx context.Context, path string, query url.Values) iter.Seq2[[]byte, error]
	// Items yields the raw JSON of each object of a list that a batch answered, and of
	// the pages after it.
	Items(ctx context.Context, answer []byte) iter.Seq2[[]byte, error]
	// Get returns the raw JSON of one resource.
	Get(ctx context.Context, path string, query url.Values) ([]byte, error)
	// Batch answers requests by index; a request's own failure is in its response.
	Batch(ctx context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error)
	// Permissions are the application permissions that whoever reads was granted; known is
	// false where nobody can say.
	Permissions(ctx context.Context) (granted []string, known bool)
}

// Sink takes the files of a snapshot. It starts as the snapshot before: a file that
// is neither put nor deleted stays as it is. Run calls it from one goroutine at a
// time.
type Sink interface {
	// Put stores a file's bytes, which the sink must not keep, and reports what that
	// means against the snapshot before: Added, Changed, or "" for the same bytes.
	Put(path string, data []byte) (entra.ChangeType, error)
	// Move renames a file that was put.
	Move(from, to string) error
	// Delete removes a file.
	Delete(path string) error
	// Reset forgets everything that was put or deleted below a prefix.
	Reset(prefix string) error
}

// Base is the snapshot before.
type Base interface {
	// Paths yields the path of each file below a prefix, sorted.
	Paths(prefix string) iter.Seq2[string, error]
	// Read returns a file's bytes, or an error that wraps entra.ErrNotFound.
	Read(path string) ([]byte, error)
	// Same reports whether a file is there and has exactly these bytes.
	Same(path string, data []byte) (bool, error)
}

// Options say what to capture. The zero value of each field is right for a first
// full capture.
type Options struct {
	// Kinds are the kinds to read; the others keep their files.
	Kinds []*kind.Kind
	// Manifest is that of the snapshot before.
	Manifest entra.Manifest
	// Shrink is how much a kind may lose; the zero value asks about nothing.
	Shrink ShrinkLimit
	// Lineage says which objects were created again under another id: such an object
	// changed, it neither went nor came.
	Lineage entra.Lines
	// Progress is told how many objects of a kind were read so far; it may be nil and
	// must be safe for concurrent use.
	Progress func(kind string, objects int)
}

// concurrentKinds bounds how many kinds are read at once; the governor of the
// source decides how many requests that means.
const concurrentKinds = 4

// Run reads the tenant into the sink. It fails only when nothing sensible can be
// committed: the run was cancelled, the sign-in was refused, or the sink failed.
// Everything else is in the summary's coverage.
func Run(ctx context.Context, src Source, base Base, sink Sink, opts Options) (*Summary, error) {
	r := &run{
		reader: reader{src: src, tenant: opts.Manifest.Tenant},
		base:   base, sink: sink, opts: opts, names: newNames(), results: map[string]*result{}, held: map[string][]item{},
		empty: map[string]bool{}, named: map[string]bool{}, indexes: map[string]map[string]string{},
	}
	if err := r.look(kind.All()); err != nil {
		return nil, err
	}
	r.expect(opts.Kinds)
	if err := r.prefetch(ctx, opts.Kinds); err != nil {
		return nil, err
	}
	for _, wave := range waves(opts.Kinds) {
		for _, k := range wave {
			vocabulary, err := kind.LoadVocabulary(k)
			if err != nil {
				return nil, err
			}
			res := newResult(k, opts.Manifest.Kinds[k.Name], r.empty[k.Name])
			res.held, res.vocabulary = r.heldBy(ctx), vocabulary
			r.results[k.Name] = res
		}
		if err := r.capture(ctx, wave); err != nil {
			return nil, err
		}
	}
	if err := r.nameHeld(); err != nil {
		return nil, err
	}
	for name, items := range r.held {
		if err := r.release(ctx, r.results[name], items); err != nil {
			return nil, err
		}
	}
	for _, k := range opts.Kinds {
		if err := r.recognise(ctx, r.results[k.Name]); err != nil {
			return nil, err
		}
	}
	return summarize(opts, r.results), nil
}

// waves parts kinds by when they are read. Those whose files carry the names of what
// they refer to are small; they come first and are written last, so that the names
// that others have are known to be wanted. Those that are listed for the objects of
// another kind, or glossed by them, come after it.
func waves(kinds []*kind.Kind) [][]*kind.Kind {
	list := make([][]*kind.Kind, 3)
	for _, k := range kinds {
		switch {
		case k.Parent != nil, slices.ContainsFunc(k.GlossedBy, func(name string) bool { return name != k.Name }):
			list[2] = append(list[2], k)
		case k.Annotate:
			list[0] = append(list[0], k)
		default:
			list[1] = append(list[1], k)
		}
	}
	return list
}

// run is one capture under way.
type run struct {
	reader
	base    Base
	opts    Options
	results map[string]*result
	// empty are the kinds of which the snapshot before has no file, and named the bulk
	// kinds whose files it names as those of other kinds.
	empty, named map[string]bool

	indexing sync.Mutex // guards what follows
	// indexes are the paths of the snapshot before, by kind and id, of kinds that had to be
	// searched.
	indexes map[string]map[string]string

	mu    sync.Mutex // guards what follows
	sink  Sink
	names *names
	held  map[string][]item // by kind, until they are written
}

// capture reads some kinds at once.
func (r *run) capture(ctx context.Context, kinds []*kind.Kind) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(concurrentKinds)
	for _, k := range kinds {
		res := r.results[k.Name]
		switch {
		case k.Unavailable != "":
			res.lose(errors.New(k.Unavailable))
		case k.Lacking(r.src.Cloud()).All:
			res.lose(notInCloud(r.src.Cloud()))
		case k.Annotate:
			g.Go(func() error { return r.hold(ctx, res) })
		default:
			g.Go(func() error { return r.stream(ctx, res) })
		}
	}
	return g.Wait()
}

// fatal reports whether an error ends the whole run rather than one kind's reading.
func fatal(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, entra.ErrUnauthenticated) || errors.Is(err, errSink)
}

// errSink marks an error of the sink or the snapshot before, as against one of the
// source: after it nothing can be committed.
var errSink = errors.New("snapshot")

// Organization is the tenant as it calls itself.
type Organization struct {
	ID, Name string
	// Domain is its default domain; empty where Graph did not say.
	Domain string
}

// Tenant returns whose tenant it is that the source reads.
func Tenant(ctx context.Context, src Source) (Organization, error) {
	for body, err := range src.List(ctx, "/organization", url.Values{"$select": {"id,displayName,verifiedDomains"}}) {
		var org struct {
			ID, DisplayName string
			VerifiedDomains []struct {
				Name      string
				IsDefault bool
			}
		}
		if err == nil {
			err = json.Unmarshal(body, &org)
		}
		if err != nil {
			return Organization{}, fmt.Errorf("read the tenant's id: %w", err)
		}
		tenant := Organization{ID: org.ID, Name: org.DisplayName}
		for _, d := range org.VerifiedDomains {
			if d.IsDefault {
				tenant.Domain = d.Name
			}
		}
		return tenant, nil
	}
	return Organization{}, fmt.Errorf("read the tenant's id: %w", entra.ErrNotFound)
}
