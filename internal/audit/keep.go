// Package audit owns what is kept of a tenant's audit log beside its snapshots: how it is kept and
// found again, how far it is known, and who did what a change set shows, by what was kept and, for
// the tenant now, by the log itself.
//
// It must not know what an entry says, which is package attribution's, nor flags, terminals or how
// an actor is shown.
package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// What the audit log says of a snapshot's changes is kept as files beside the snapshots, under a
// reference of its own. A file is named by its SHA-256, and the snapshot, which is signed, names
// the file in a trailer: whoever changes the file, or puts another in its place, is found out, and
// whoever loses it loses no snapshot. The tree of a snapshot stays what it is, the same bytes for
// the same tenant; and since addresses are personal data, all of it can be forgotten by taking the
// reference away, without breaking the chain. Git notes would do neither: they hang on a
// commit's name, which does not say what the note was.

// Ref is the reference under which the kept parts of the audit log are.
const Ref = "refs/entragit/audit"

// Trailer names a file with a part of the audit log: "sha256:" and its hash. A snapshot may
// have several.
const Trailer = "Entragit-Audit"

const hashName = "sha256:"

// mostBytes is about how large one file is at most.
const mostBytes = 16 << 20

// Why nothing is known of a snapshot's changes.
var (
	errLost    = errors.New("the audit file is not here: it was deleted, or not fetched")
	errAltered = errors.New("the audit file is not what the snapshot was signed with")
	errForm    = errors.New("the audit file is in a form that is not understood")
	errUnkept  = errors.New("made without the audit log")
)

// header is the first line of a file; each other line is an entry.
type header struct {
	FormatVersion int                 `json:"formatVersion"`
	Windows       []entra.AuditWindow `json:"windows"`
}

// encode encodes a log.
func encode(log attribution.Log) ([][]byte, error) {
	head, err := json.Marshal(header{entra.FormatVersion, log.Windows})
	if err != nil {
		return nil, fmt.Errorf("keep the audit log: %w", err)
	}
	head = append(head, '\n')
	files := [][]byte{bytes.Clone(head)}
	for _, entry := range log.Entries {
		last := &files[len(files)-1]
		if len(*last)+len(entry) > mostBytes && len(*last) > len(head) {
			files = append(files, bytes.Clone(head))
			last = &files[len(files)-1]
		}
		*last = append(append(*last, entry...), '\n')
	}
	return files, nil
}

// pathOf is where a file is: the first digits of its hash keep folders small.
func pathOf(sum string) string { return sum[:2] + "/" + sum + ".jsonl" }

// Keep keeps a part of the audit log beside the snapshot that w makes, and returns the
// trailers by which the snapshot has to name it. Until the snapshot is made, nobody knows of it.
func Keep(ctx context.Context, w *gitstore.Writer, log attribution.Log, o gitstore.CommitOptions) ([]gitstore.Trailer, error) {
	files, err := encode(log)
	if err != nil {
		return nil, err
	}
	b, err := w.Beside(Ref)
	if err != nil {
		return nil, fmt.Errorf("keep the audit log: %w", err)
	}
	defer b.Abort()
	var trailers []gitstore.Trailer
	for _, data := range files {
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:])
		if _, err := b.Put(pathOf(name), data); err != nil {
			return nil, fmt.Errorf("keep the audit log: %w", err)
		}
		trailers = append(trailers, gitstore.Trailer{Key: Trailer, Value: hashName + name})
	}
	if _, err := b.Commit(ctx, o); err != nil && !errors.Is(err, gitstore.ErrUnchanged) {
		return nil, fmt.Errorf("keep the audit log: %w", err)
	}
	return trailers, nil
}

// sumsOf are the hashes of the files that a snapshot names.
func sumsOf(c *gitstore.Commit) []string {
	var sums []string
	for _, t := range c.Trailers {
		if strings.EqualFold(t.Key, Trailer) {
			sums = append(sums, strings.TrimPrefix(t.Value, hashName))
		}
	}
	return sums
}

// treeOf is what is kept of the audit log; nil where there is no reference.
func treeOf(repo *history.Repository) (*gitstore.Tree, error) {
	head, ok, err := repo.Ref(Ref)
	if err != nil || !ok {
		return nil, err
	}
	return repo.Tree(head)
}

// readFile returns a file that a snapshot names by its hash, byte for byte.
func readFile(tree *gitstore.Tree, sum string) ([]byte, error) {
	if _, err := hex.DecodeString(sum); err != nil || len(sum) != 2*sha256.Size {
		return nil, fmt.Errorf("%w: %q is no SHA-256", errAltered, sum)
	}
	if tree == nil {
		return nil, errLost
	}
	data, err := tree.Read(pathOf(sum))
	switch {
	case errors.Is(err, gitstore.ErrDamaged):
		return nil, fmt.Errorf("%w: %w", errAltered, err)
	case errors.Is(err, gitstore.ErrNotFound):
		return nil, errLost
	case err != nil:
		return nil, err
	}
	if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
		return nil, errAltered
	}
	return data, nil
}

// decode decodes a file.
func decode(data []byte) (attribution.Log, error) {
	var log attribution.Log
	head, rest, _ := bytes.Cut(data, []byte("\n"))
	var h header
	if err := json.Unmarshal(head, &h); err != nil || h.FormatVersion != entra.FormatVersion {
		return log, errForm
	}
	log.Windows = h.Windows
	for line := range bytes.SplitSeq(bytes.TrimSuffix(rest, []byte("\n")), []byte("\n")) {
		if len(line) > 0 {
			log.Entries = append(log.Entries, json.RawMessage(line))
		}
	}
	return log, nil
}
