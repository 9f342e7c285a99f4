package graph

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/entragit/entragit/internal/entra"
)

// List yields the raw JSON of each object of a collection, page by page in the
// order of Graph. One page is in memory at a time; it was read to its end and
// checked before its first item is yielded. An item's bytes stay valid, and keep
// their page alive, for as long as they are held.
//
// An error ends the sequence. One that wraps [entra.ErrExpired] means that the
// listing has to be started again; [entra.ErrUnsafe], that a next link left the
// host, turned in a circle or led on without end.
func (c *Client) List(ctx context.Context, path string, query url.Values) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		u, err := c.endpoint.resolve(path, query)
		if err != nil {
			yield(nil, err)
			return
		}
		c.pages(ctx, u, yield)
	}
}

// ListFrom continues a collection at a next link, such as a batch answer ends with.
func (c *Client) ListFrom(ctx context.Context, nextLink string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		root := &url.URL{Scheme: c.endpoint.scheme, Host: c.endpoint.host, Path: version}
		u, err := c.endpoint.pin(root, nextLink)
		if err != nil {
			yield(nil, err)
			return
		}
		c.pages(ctx, u, yield)
	}
}

// Items yields the objects of a list answer that came out of a batch, and then
// those of the pages after it.
func (c *Client) Items(ctx context.Context, answer []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		p, err := parsePage(answer)
		if err != nil {
			yield(nil, fmt.Errorf("list in a batch: %w: %w", entra.ErrUnavailable, err))
			return
		}
		for _, item := range p.items {
			if !yield(item, nil) {
				return
			}
		}
		if p.next != "" {
			c.ListFrom(ctx, p.next)(yield)
		}
	}
}

// pages yields the items of a page and of those after it.
func (c *Client) pages(ctx context.Context, u *url.URL, yield func([]byte, error) bool) {
	chain := newChain(c.maxPages, u)
	for {
		var p page
		err := c.known(u, func(u *url.URL) error {
			k := c.newCall(http.MethodGet, u)
			k.accept = func(answer []byte) (err error) {
				p, err = parsePage(answer)
				return err
			}
			return c.send(ctx, k)
		})
		if err != nil {
			yield(nil, err)
			return
		}
		for _, item := range p.items {
			if !yield(item, nil) {
				return
			}
		}
		if p.next == "" {
			return
		}
		next, err := c.endpoint.pin(u, p.next)
		if err == nil {
			err = chain.add(next, len(p.items))
		}
		if err != nil {
			yield(nil, fmt.Errorf("GET %s: %w", u.Path, err))
			return
		}
		u = next
	}
}

// mostEmpty bounds the pages in a row that hold nothing and lead on. Graph may send
// such a page, and a filter several.
const mostEmpty = 500

// chain is the pages of one collection, which has to end.
type chain struct {
	left  int                        // pages that may still follow
	empty int                        // pages without an item since the last one with
	seen  map[[sha256.Size]byte]bool // hashes of the pages' addresses, which are long
}

func newChain(most int, first *url.URL) *chain {
	return &chain{left: most - 1, seen: map[[sha256.Size]byte]bool{sha256.Sum256([]byte(first.String())): true}}
}

// add checks the link to the next page of a collection, of which the page with the link
// had some items.
func (c *chain) add(next *url.URL, items int) error {
	c.left--
	c.empty++
	if items > 0 {
		c.empty = 0
	}
	hash := sha256.Sum256([]byte(next.String()))
	switch {
	case c.seen[hash]:
		return fmt.Errorf("next link that leads back to an earlier page: %w", entra.ErrUnsafe)
	case c.left < 0:
		return fmt.Errorf("collection of more pages than are ever read: %w", entra.ErrUnsafe)
	case c.empty >= mostEmpty:
		return fmt.Errorf("%d pages in a row without an object and with a next link: %w", mostEmpty, entra.ErrUnsafe)
	}
	c.seen[hash] = true
	return nil
}
