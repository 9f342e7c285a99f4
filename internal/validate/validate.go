package validate

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// Options say what to check.
type Options struct {
	Tree Tree
	// Selection limits which objects' files are checked; they are checked against all.
	Selection diff.Selection
	// Words are what entragit.yaml may name.
	Words config.Words
	// Now is when the rules of entragit.yaml are to count; at the zero time none has ended.
	Now time.Time
}

// Result is what a check found.
type Result struct {
	// Problems are ordered by file and line.
	Problems []Problem
	// Files is how many objects' files were checked.
	Files int
}

// Errors counts the problems that are more than warnings.
func (r *Result) Errors() int {
	n := 0
	for _, p := range r.Problems {
		if !p.Warning {
			n++
		}
	}
	return n
}

// Run checks the files. An argument of the selection that selects no file is a
// [diff.UnmatchedError]; any other error is for files that cannot be read at all.
func Run(ctx context.Context, o Options) (*Result, error) {
	v := &validation{tree: o.Tree, words: o.Words, now: o.Now, schemas: map[string]*kind.Schema{}, known: map[known]map[string]bool{}}
	if err := v.readManifest(); err != nil {
		return nil, err
	}
	selection, err := o.Selection.In(v)
	if err != nil {
		return nil, err
	}
	if err := v.index(); err != nil {
		return nil, err
	}
	if err := v.checkConfig(); err != nil {
		return nil, err
	}
	if err := v.checkLineage(); err != nil {
		return nil, err
	}
	if err := v.checkFiles(ctx, selection); err != nil {
		return nil, err
	}
	slices.SortStableFunc(v.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return &Result{Problems: v.list, Files: v.files}, nil
}

// validation checks the files of one revision against their schemas and each other.
// Of an object it remembers the id alone, and the property that others know it by.
type validation struct {
	tree     Tree
	words    config.Words
	now      time.Time
	manifest entra.Manifest
	schemas  map[string]*kind.Schema
	// known holds, by kind and property ("" is the id), the values there are, in lower
	// case.
	known map[known]map[string]bool
	problems
	files int // that were checked
}

type known struct{ kind, by string }

// objectsFolder is where the files of objects are.
const objectsFolder = "tenant"

// Manifest, Files and Read let a selection look for its objects.
func (v *validation) Manifest() entra.Manifest { return v.manifest }

// Files yields the files of a kind in the order of their paths.
func (v *validation) Files(kindName string) iter.Seq2[diff.File, error] {
	return func(yield func(diff.File, error) bool) {
		var paths []string
		for path, err := range v.tree.Paths(canon.Folder(kind.ByName(kindName))) {
			if err != nil {
				yield(diff.File{}, err)
				return
			}
			if _, _, problem := owner(path); problem == "" {
				paths = append(paths, path)
			}
		}
		slices.Sort(paths)
		for _, path := range paths {
			if !yield(diff.File{Path: path}, nil) {
				return
			}
		}
	}
}

// Read returns a file's bytes.
func (v *validation) Read(path string) ([]byte, error) { return v.tree.Read(path) }

// checkFiles reads the selected files one by one, and checks as many at a time as there
// are processors.
func (v *validation) checkFiles(ctx context.Context, sel diff.Selection) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	read := func() error {
		for path, err := range v.tree.Paths(objectsFolder) {
			if err = errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			k, id, problem := owner(path)
			if problem != "" {
				continue // the index says so
			}
			key := entra.Key{Kind: k.Name, ID: id}
			if !sel.Object(path, key) {
				continue
			}
			data, err := v.tree.Read(path)
			if err != nil {
				return err
			}
			g.Go(func() error {
				f := fileCheck{validation: v, kind: k, path: path, data: data}
				err := f.run()
				mu.Lock()
				defer mu.Unlock()
				v.list = append(v.list, f.list...)
				v.files++
				return err
			})
		}
		return nil
	}
	err := read()
	return errors.Join(g.Wait(), err)
}

// knownBy lists the properties, other than ids, that references hold of each kind.
func knownBy() map[string][]string {
	by := map[string][]string{}
	for _, k := range kind.All() {
		for ref := range k.EveryReference() {
			for _, target := range ref.Targets {
				if ref.By != "" && !slices.Contains(by[target], ref.By) {
					by[target] = append(by[target], ref.By)
				}
			}
		}
	}
	return by
}

func (v *validation) readManifest() error {
	data, err := v.tree.Read(history.ManifestPath)
	if err == nil {
		v.manifest, err = canon.DecodeManifest(history.ManifestPath, data)
	}
	return v.note(history.ManifestPath, err)
}

// checkLineage checks what is said of objects that were created again, if anything is.
func (v *validation) checkLineage() error {
	data, err := v.tree.Read(history.LineagePath)
	if errors.Is(err, entra.ErrNotFound) {
		return nil
	}
	if err == nil {
		_, err = canon.DecodeLineage(history.LineagePath, data)
	}
	return v.note(history.LineagePath, err)
}

// index remembers whose file each path is.
func (v *validation) index() error {
	named := knownBy()
	for path, err := range v.tree.Paths(objectsFolder) {
		if err != nil {
			return err
		}
		if err := v.indexFile(path, named); err != nil {
			return err
		}
	}
	return nil
}

func (v *validation) indexFile(path string, named map[string][]string) error {
	k, id, problem := owner(path)
	if problem != "" {
		v.add(Problem{Rule: RuleFile, File: path, Line: 1, Message: problem})
		return nil
	}
	if v.knows(k.Name, "", id) {
		v.add(Problem{Rule: RuleFile, File: path, Line: 1, Message: "another file holds the same object"})
	}
	v.learn(k.Name, "", id)
	if v.schemas[k.Name] == nil {
		schema, err := kind.LoadSchema(k)
		if err != nil {
			return err
		}
		v.schemas[k.Name] = schema
	}
	if len(named[k.Name]) == 0 {
		return nil
	}
	data, err := v.tree.Read(path)
	if err != nil {
		return err
	}
	o, err := canon.Decode(k, path, data)
	if err != nil {
		return nil // the check of the file says so
	}
	for _, by := range named[k.Name] {
		v.learn(k.Name, by, o.Text(by))
	}
	return nil
}

func (v *validation) learn(kindName, by, value string) {
	key := known{kindName, by}
	if v.known[key] == nil {
		v.known[key] = map[string]bool{}
	}
	v.known[key][strings.ToLower(value)] = true
}

func (v *validation) knows(kindName, by, value string) bool {
	return v.known[known{kindName, by}][strings.ToLower(value)]
}
