package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/entragit/entragit/internal/entra"
)

// weigh tells a 401 about the token from one of a single service, which means by it what others
// call 403. Graph's gateway refuses a bad token whatever is asked for; so the token is good where
// a request for the tenant itself is not refused like this. A write that is refused stays a
// refused sign-in, which stops what it is part of.
func (c *Client) weigh(ctx context.Context, refusals ...*Error) {
	var open []*Error
	for _, e := range refusals {
		if e.Method == http.MethodGet && e.Status == http.StatusUnauthorized && errors.Is(e, entra.ErrUnauthenticated) {
			open = append(open, e)
		}
	}
	if len(open) == 0 || !c.accepted(ctx) {
		return
	}
	for _, e := range open {
		e.Sentinel = entra.ErrForbidden
	}
}

// accepted reports whether Graph takes the token at all: it gives what is asked for, or says
// that this token may not have it.
func (c *Client) accepted(ctx context.Context) bool {
	u, err := c.endpoint.resolve("/organization", url.Values{"$select": {"id"}})
	if err != nil {
		return false
	}
	k := c.newCall(http.MethodGet, u)
	k.accept, k.weighing = checkJSON, true
	err = c.send(ctx, k)
	return err == nil || errors.Is(err, entra.ErrForbidden)
}
