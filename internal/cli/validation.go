package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/yaml"
)

// fileTree is the files of one revision: a snapshot's, or those of a checkout.
type fileTree interface {
	// Paths yields the path of each file below a prefix, sorted.
	Paths(prefix string) iter.Seq2[string, error]
	// Read returns a file's bytes, or an error that wraps entra.ErrNotFound.
	Read(path string) ([]byte, error)
}

// folderTree is the files of a folder. Links that lead out of it are not followed.
type folderTree struct{ fs.FS }

func (t folderTree) Paths(prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		stopped := errors.New("stopped")
		err := fs.WalkDir(t.FS, prefix, func(path string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && path == prefix:
				return nil
			case err == nil && d.IsDir():
				return nil
			case !yield(path, err):
				return stopped
			}
			return err
		})
		if err != nil && !errors.Is(err, stopped) {
			return // it was yielded
		}
	}
}

func (t folderTree) Read(path string) ([]byte, error) {
	data, err := fs.ReadFile(t.FS, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, entra.ErrNotFound)
	}
	return data, err
}

// validation checks the files of one revision against their schemas and each other.
// Of an object it remembers the id alone, and the property that others know it by.
type validation struct {
	tree     fileTree
	manifest entra.Manifest
	schemas  map[string]*kind.Schema
	// known holds, by kind and property ("" is the id), the values there are, in lower
	// case.
	known map[known]map[string]bool
	problems
	files int // that were checked
}

type known struct{ kind, by string }

// problems gathers what is wrong.
type problems struct{ list []report.Problem }

func (p *problems) add(problem report.Problem) { p.list = append(p.list, problem) }

// objectsFolder is where the files of objects are.
const objectsFolder = "tenant"

// run checks what is selected. The error is for files that cannot be read at all.
func (v *validation) run(ctx context.Context, sel diff.Selection) error {
	v.schemas, v.known = map[string]*kind.Schema{}, map[known]map[string]bool{}
	for _, step := range []func() error{v.readManifest, v.readConfig} {
		if err := step(); err != nil {
			return err
		}
	}
	sel, err := sel.In(v)
	if err != nil {
		return err
	}
	named := knownBy()
	for path, err := range v.tree.Paths(objectsFolder) {
		if err != nil {
			return err
		}
		if err := v.index(path, named); err != nil {
			return err
		}
	}
	if err := v.checkAll(ctx, sel); err != nil {
		return err
	}
	slices.SortStableFunc(v.list, func(a, b report.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return nil
}

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

// checkAll reads the selected files one by one, and checks as many at a time as there
// are processors.
func (v *validation) checkAll(ctx context.Context, sel diff.Selection) error {
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
				continue // index says so
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
	data, err := v.tree.Read(manifestPath)
	if err == nil {
		v.manifest, err = canon.DecodeManifest(manifestPath, data)
	}
	return v.note(manifestPath, err)
}

func (v *validation) readConfig() error {
	data, err := v.tree.Read(config.FileName)
	if err == nil {
		_, err = config.Decode(config.FileName, data, words())
	}
	return v.note(config.FileName, err)
}

// note turns an error about a file's content into a problem, and returns any other.
func (v *problems) note(path string, err error) error {
	switch {
	case errors.Is(err, entra.ErrNotFound):
		v.add(report.Problem{Rule: report.RuleFile, File: path, Line: 1, Message: "the file is missing"})
		return nil
	case errors.Is(err, entra.ErrInvalid):
		line, message := 1, sentence(err)
		if rest, ok := strings.CutPrefix(message, path+":"); ok {
			if number, text, ok := strings.Cut(rest, ":"); ok {
				if n, err := strconv.Atoi(number); err == nil {
					line, rest = n, text
				}
			}
			message = strings.TrimSpace(rest)
		}
		v.add(report.Problem{Rule: report.RuleSyntax, File: path, Line: line, Message: message})
		return nil
	}
	return err
}

// index remembers whose file a path is.
func (v *validation) index(path string, named map[string][]string) error {
	k, id, problem := owner(path)
	if problem != "" {
		v.add(report.Problem{Rule: report.RuleFile, File: path, Line: 1, Message: problem})
		return nil
	}
	if v.knows(k.Name, "", id) {
		v.add(report.Problem{Rule: report.RuleFile, File: path, Line: 1, Message: "another file holds the same object"})
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
		return nil // check says so
	}
	for _, by := range named[k.Name] {
		v.learn(k.Name, by, o.Text(by))
	}
	return nil
}

// owner finds whose file a path is, or says why it is nobody's.
func owner(path string) (k *kind.Kind, id, problem string) {
	name, id, ok := canon.ParsePath(path)
	if !ok {
		return nil, "", "no object has a file of this name"
	}
	if k = kind.ByName(name); k == nil {
		return nil, "", fmt.Sprintf("there is no kind %q", name)
	}
	if k.Singleton != (id == "") {
		return nil, "", fmt.Sprintf("no object of %s has a file of this name", name)
	}
	return k, id, ""
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

// fileCheck checks one file.
type fileCheck struct {
	*validation // read only
	problems
	kind *kind.Kind
	path string
	data []byte
}

// run checks the file.
func (f *fileCheck) run() error {
	document, err := yaml.Read(f.path, f.data)
	if err != nil {
		return f.note(f.path, err)
	}
	if f.sound(document) {
		if _, err := canon.Decode(f.kind, f.path, f.data); err != nil {
			return f.note(f.path, err)
		}
	}
	f.references(document)
	return nil
}

// at notes what is wrong with the value at a pointer.
func (f *fileCheck) at(pointer, rule, message string, warning bool) {
	f.add(report.Problem{Rule: rule, File: f.path, Line: yaml.LineOf(f.data, pointer), Pointer: pointer, Message: message, Warning: warning})
}

// sound checks the file against its schema and reports whether there was no error.
func (f *fileCheck) sound(document any) bool {
	sound := true
	for _, p := range f.schemas[f.kind.Name].Validate(document) {
		rule := report.RuleSchema
		if p.Warning {
			rule = report.RuleUnknown
		} else {
			sound = false
		}
		f.at(p.Pointer, rule, p.Message, p.Warning)
	}
	return sound
}

// references finds what the file refers to and the revision does not have.
func (f *fileCheck) references(document any) {
	for m := range f.kind.Mentions(document) {
		if !f.dangling(m) {
			continue
		}
		var titles []string
		for _, target := range m.Targets {
			titles = append(titles, kind.ByName(target).Title)
		}
		what := "id"
		if m.By != "" {
			what = m.By
		}
		f.at(m.Pointer, report.RuleReference, fmt.Sprintf("no %s here has the %s %q", strings.Join(titles, " or "), what, m.Referent), false)
	}
}

// dangling reports whether a reference leads nowhere. It cannot be known where a kind
// that it may lead to was not read.
func (v *validation) dangling(m kind.Mention) bool {
	for _, target := range m.Targets {
		cover := v.manifest.Kinds[target]
		if kind.ByName(target) == nil || !cover.Read() || v.knows(target, m.By, m.Referent) {
			return false
		}
	}
	return !m.MayBeExternal
}
