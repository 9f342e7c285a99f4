package graph

import (
	"context"
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
// host or turned in a circle.
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
	seen := map[string]bool{u.String(): true}
	for {
		var p page
		err := c.send(ctx, call{method: http.MethodGet, url: u, accept: func(answer []byte) (err error) {
			p, err = parsePage(answer)
			return err
		}})
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
		if err == nil && seen[next.String()] {
			err = fmt.Errorf("next link that leads back to an earlier page: %w", entra.ErrUnsafe)
		}
		if err != nil {
			yield(nil, fmt.Errorf("GET %s: %w", u.Path, err))
			return
		}
		u = next
		seen[u.String()] = true
	}
}
