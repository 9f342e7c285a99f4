package diff

import (
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
func (c *comparison) naturalKey(s view, path, other string) (string, bool, error) {
	if path == "" || other != "" {
		return "", false, nil
	}
	o, err := c.object(s, path)
	if err != nil {
		return "", false, err
	}
	key, ok := kind.ElementKey(kind.NaturalKey(c.kind, o), c.kind.NaturalKey)
	return key, ok, nil
}
