package capture

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// stream is a picture or style sheet of an object, or of an element that it contains.
type stream struct {
	item *item
	body *[]byte
	name string
	part string // as an exception names it
	path string
}

// streams reads the pictures and style sheets of objects and gives each body its own, in
// base64. Only what an object says that it has is asked for.
func (c *children) streams(ctx context.Context, items []item) error {
	found := c.streamsOf(items)
	if len(found) == 0 {
		return nil
	}
	reqs := make([]graph.BatchRequest, len(found))
	for i, s := range found {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: s.path}
	}
	resps, err := c.src.Batch(ctx, reqs)
	if err != nil {
		return fmt.Errorf("read pictures of %s: %w", c.res.Kind.Name, err)
	}
	for i, s := range found {
		err := resps[i].Err
		if err == nil {
			err = s.give(resps[i].Body)
		}
		if err != nil && fatal(ctx, err) {
			return err
		}
		if err != nil {
			err = fmt.Errorf("%s/%s: %s: %w", c.res.Kind.Name, s.item.id, s.name, err)
			s.item.unread = append(s.item.unread, unread{part: s.part, err: err, asked: true})
		}
	}
	return nil
}

// streamsOf lists what objects say that they have.
func (c *children) streamsOf(items []item) []stream {
	k, v := c.res.Kind, c.res.view
	var found []stream
	add := func(shape *kind.Shape, s stream) {
		for _, name := range slices.Sorted(maps.Keys(shape.Streams)) {
			if stringProperty(*s.body, shape.Streams[name]) == "" {
				continue
			}
			one := s
			one.name, one.path = name, s.path+"/"+name
			if one.part == "" {
				one.part = entra.SectionSpec + "/" + name
			}
			found = append(found, one)
		}
	}
	for i := range items {
		it := &items[i]
		if it.err != nil || it.gone {
			continue
		}
		add(&k.Shape, stream{item: it, body: &it.raw.Body, path: v.object(it.id)})
		for j := range k.Contained {
			contained := &k.Contained[j]
			if len(contained.Streams) == 0 {
				continue
			}
			for n := range it.raw.Contained[contained.Name] {
				body := &it.raw.Contained[contained.Name][n]
				add(&contained.Shape, stream{
					item: it, body: body, part: entra.SectionContained + "/" + contained.Name,
					path: v.addresses.Element(k, contained, it.id, stringProperty(*body, "id")),
				})
			}
		}
	}
	return found
}

// give puts the content that a batch answered, a text in base64, into the body.
func (s stream) give(answer []byte) error {
	var text string
	if err := json.Unmarshal(answer, &text); err != nil {
		return fmt.Errorf("the content is no text: %w", entra.ErrUnavailable)
	}
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		if content, err = base64.URLEncoding.DecodeString(text); err != nil {
			return fmt.Errorf("the content is no base64: %w", entra.ErrUnavailable)
		}
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(*s.body, &members); err != nil {
		return fmt.Errorf("%w: %w", entra.ErrUnavailable, err)
	}
	members[s.name], _ = json.Marshal(base64.StdEncoding.EncodeToString(content)) // a string
	*s.body, err = json.Marshal(members)
	return err
}
