package capture

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// item is one object as the source answered it, with what could not be read of it.
type item struct {
	id  string
	raw canon.Raw
	// unread names the links and contained collections that the snapshot before must
	// fill in.
	unread []string
}

// window is how many child requests are gathered before they are sent: sixteen
// batches of Graph's twenty, so that no batch goes half empty and several can be
// under way.
const window = 16 * 20

// read yields every object of a kind with its links and contained objects. After an
// error it ends; the error means that the listing is not complete. The failure of a
// single link is not an error: it is noted in the result.
func (r *run) read(ctx context.Context, res *result) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		c := &children{src: r.src, res: res, calls: childCalls(res.Kind)}
		flush := func() bool {
			items, err := c.flush(ctx)
			if err != nil {
				yield(item{}, err)
				return false
			}
			for _, it := range items {
				if !yield(it, nil) {
					return false
				}
			}
			return true
		}
		for body, err := range r.list(ctx, res.Kind) {
			if err != nil {
				yield(item{}, err)
				return
			}
			id := stringProperty(body, "id")
			if id == "" && !res.Kind.Singleton {
				yield(item{}, fmt.Errorf("an object of %s has no id: %w", res.Kind.Name, entra.ErrInvalid))
				return
			}
			c.add(item{id: id, raw: canon.Raw{Body: slices.Clone(body)}})
			if c.full() && !flush() {
				return
			}
		}
		flush()
	}
}

// restarts bounds how often a listing begins anew because Graph forgot its page
// token.
const restarts = 3

// list yields the raw objects of a kind; a singleton is a list of one. A listing
// that begins anew yields objects again.
func (r *run) list(ctx context.Context, k *kind.Kind) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if k.Singleton && !k.Listed {
			yield(r.src.Get(ctx, k.Path, query(k)))
			return
		}
		for attempt := 0; ; attempt++ {
			again := false
			for body, err := range r.src.List(ctx, k.Path, query(k)) {
				if errors.Is(err, entra.ErrExpired) && attempt < restarts {
					again = true
					break
				}
				if !yield(body, err) {
					return
				}
			}
			if !again {
				return
			}
		}
	}
}

// query asks for the largest page and, where the default answer leaves some out,
// for every property that is kept.
func query(k *kind.Kind) url.Values {
	q := url.Values{}
	if k.Select {
		q.Set("$select", strings.Join(selected(k), ","))
	}
	if k.Top > 0 {
		q.Set("$top", strconv.Itoa(k.Top))
	}
	return q
}

// selected lists the top-level properties that a kind asks for, sorted.
func selected(k *kind.Kind) []string {
	list := slices.Concat([]string{"id"}, k.Update, k.Create, k.Status)
	slices.Sort(list)
	return slices.Compact(list)
}

// call is the read of one link or contained collection of an object.
type call struct {
	name   string
	single bool
	link   bool
	suffix string // appended to the object's path
}

// maxLinkPage is the largest page of a link's targets that directory objects accept.
const maxLinkPage = "999"

func childCalls(k *kind.Kind) []call {
	var calls []call
	for _, l := range k.Links {
		suffix := "/" + l.Name + "?$select=id"
		if !l.Single {
			suffix += "&$top=" + maxLinkPage
		}
		calls = append(calls, call{name: l.Name, single: l.Single, link: true, suffix: suffix})
	}
	for _, c := range k.Contained {
		if !c.Inline {
			calls = append(calls, call{name: c.Name, suffix: "/" + c.Name})
		}
	}
	return calls
}

func objectPath(k *kind.Kind, id string) string {
	if k.Singleton && !k.Listed {
		return k.Path
	}
	return k.Path + "/" + url.PathEscape(id)
}
