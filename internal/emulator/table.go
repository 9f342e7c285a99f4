package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// table is the resources as a tree of path segments.
type table struct {
	all  []*resource
	root *node
}

// node is a segment of a resource's path; "*" is a key.
type node struct {
	resource *resource
	children map[string]*node
}

func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	return n.children[fold(name)]
}

// allResources is every resource that the emulator serves.
var allResources = slices.Concat(
	identityResources,
	applicationResources,
	accessResources,
	tenantResources,
	policyResources,
	roleResources,
	governanceResources,
	externalResources,
	directoryResources,
)

// newTable builds the tree. Two resources at one path are a mistake in the table.
func newTable(all []*resource) *table {
	t := &table{all: all, root: &node{children: make(map[string]*node)}}
	for _, r := range all {
		n := t.root
		for _, segment := range strings.Split(strings.Trim(r.path, "/"), "/") {
			next := n.children[fold(segment)]
			if next == nil {
				next = &node{children: make(map[string]*node)}
				n.children[fold(segment)] = next
			}
			n = next
		}
		if n.resource != nil {
			panic(fmt.Sprintf("emulator: two resources at %s", r.path))
		}
		n.resource = r
	}
	return t
}

// find returns the resource at a collection's or singleton's path and the keys in the
// path.
func (t *table) find(path string) (r *resource, keys []string, ok bool) {
	n := t.root
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		next := n.child(segment)
		if next == nil {
			next = n.child("*")
			keys = append(keys, segment)
		}
		if next == nil {
			return nil, nil, false
		}
		n = next
	}
	return n.resource, keys, n.resource != nil
}

// nodeAt returns the node of a path that find knows.
func (t *table) nodeAt(path string) *node {
	n := t.root
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if next := n.child(segment); next != nil {
			n = next
			continue
		}
		n = n.child("*")
	}
	return n
}
