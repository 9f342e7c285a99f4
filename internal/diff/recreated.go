package diff

import (
	"maps"

	"github.com/entragit/entragit/internal/kind"
)

// recreated joins what went on one side to what came on the other where both have the
// same natural key: an object that was created again has another id and is the same.
// Nothing that differs is lost by it, since the two are compared as any pair is.
func (c *comparison) recreated(pairs []pair) ([]pair, error) {
	if len(c.kind.NaturalKey) == 0 {
		return pairs, nil
	}
	gone := map[string]int{} // index of the pair by natural key
	for i, p := range pairs {
		key, ok, err := c.naturalKey(c.a, p.before, p.after)
		if err != nil {
			return nil, err
		}
		if ok {
			gone[key] = i
		}
	}
	var joined []pair
	taken := map[int]bool{}
	for i, p := range pairs {
		key, ok, err := c.naturalKey(c.b, p.after, p.before)
		if err != nil {
			return nil, err
		}
		if j, both := gone[key]; ok && both && !taken[j] {
			taken[i], taken[j] = true, true
			joined = append(joined, pair{pairs[j].before, p.after})
		}
	}
	for i, p := range pairs {
		if !taken[i] {
			joined = append(joined, p)
		}
	}
	return joined, nil
}

// naturalKey reads the natural key of an object that only one side has.
func (c *comparison) naturalKey(s Side, path, other string) (string, bool, error) {
	if path == "" || other != "" {
		return "", false, nil
	}
	o, err := c.object(s, path)
	if err != nil {
		return "", false, err
	}
	properties := maps.Clone(o.Spec)
	if properties == nil {
		properties = map[string]any{}
	}
	for _, name := range c.kind.NaturalKey {
		if v, ok := o.Status[name]; ok && properties[name] == nil {
			properties[name] = v
		}
	}
	key, ok := kind.ElementKey(properties, c.kind.NaturalKey)
	return key, ok, nil
}
