package history

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
)

// What the audit log says of a snapshot's changes is kept as files beside the snapshots, under a
// reference of its own. A file is named by its SHA-256, and the snapshot, which is signed, names
// the file in a trailer: whoever changes the file, or puts another in its place, is found out, and
// whoever loses it loses no snapshot. The tree of a snapshot stays what it is, the same bytes for
// the same tenant; and since addresses are personal data, all of it can be forgotten by taking the
// reference away, without breaking the chain. Git notes would do neither: they hang on a
// commit's name, which does not say what the note was.

// AuditRef is the reference under which the kept parts of the audit log are.
const AuditRef = "refs/entragit/audit"

// AuditTrailer names a file with a part of the audit log: "sha256:" and its hash. A snapshot may
// have several.
const AuditTrailer = "Entragit-Audit"

const auditHash = "sha256:"

// mostAudit is about how large one file is at most.
const mostAudit = 16 << 20

// Why what a snapshot names cannot be read.
var (
	errAuditLost    = errors.New("what was kept of the audit log is not here")
	errAuditAltered = errors.New("what was kept of the audit log is not what the snapshot was signed with")
	errAuditUnknown = errors.New("what was kept of the audit log is in a form that is not understood")
)

// auditHeader is the first line of a file; each other line is an entry.
type auditHeader struct {
	FormatVersion int                 `json:"formatVersion"`
	Windows       []entra.AuditWindow `json:"windows"`
}

// auditFiles encodes a log.
func auditFiles(log attribution.Log) ([][]byte, error) {
	head, err := json.Marshal(auditHeader{entra.FormatVersion, log.Windows})
	if err != nil {
		return nil, fmt.Errorf("keep the audit log: %w", err)
	}
	head = append(head, '\n')
	files := [][]byte{bytes.Clone(head)}
	for _, entry := range log.Entries {
		last := &files[len(files)-1]
		if len(*last)+len(entry) > mostAudit && len(*last) > len(head) {
			files = append(files, bytes.Clone(head))
			last = &files[len(files)-1]
		}
		*last = append(append(*last, entry...), '\n')
	}
	return files, nil
}

// auditPath is where a file is: the first digits of its hash keep folders small.
func auditPath(sum string) string { return sum[:2] + "/" + sum + ".jsonl" }

// KeepAudit keeps a part of the audit log beside the snapshot that w makes, and returns the
// trailers by which the snapshot has to name it. Until the snapshot is made, nobody knows of it.
func KeepAudit(ctx context.Context, w *gitstore.Writer, log attribution.Log, o gitstore.CommitOptions) ([]gitstore.Trailer, error) {
	files, err := auditFiles(log)
	if err != nil {
		return nil, err
	}
	b, err := w.Beside(AuditRef)
	if err != nil {
		return nil, fmt.Errorf("keep the audit log: %w", err)
	}
	defer b.Abort()
	var trailers []gitstore.Trailer
	for _, data := range files {
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:])
		if _, err := b.Put(auditPath(name), data); err != nil {
			return nil, fmt.Errorf("keep the audit log: %w", err)
		}
		trailers = append(trailers, gitstore.Trailer{Key: AuditTrailer, Value: auditHash + name})
	}
	if _, err := b.Commit(ctx, o); err != nil && !errors.Is(err, gitstore.ErrUnchanged) {
		return nil, fmt.Errorf("keep the audit log: %w", err)
	}
	return trailers, nil
}

// auditSums are the hashes of the files that a snapshot names.
func auditSums(c *gitstore.Commit) []string {
	var sums []string
	for _, t := range c.Trailers {
		if strings.EqualFold(t.Key, AuditTrailer) {
			sums = append(sums, strings.TrimPrefix(t.Value, auditHash))
		}
	}
	return sums
}

// auditTree is what is kept of the audit log; nil where there is no reference.
func (r *Repository) auditTree() (*gitstore.Tree, error) {
	head, ok, err := r.Ref(AuditRef)
	if err != nil || !ok {
		return nil, err
	}
	return r.Tree(head)
}

// auditFile returns a file that a snapshot names by its hash, byte for byte.
func auditFile(tree *gitstore.Tree, sum string) ([]byte, error) {
	if _, err := hex.DecodeString(sum); err != nil || len(sum) != 2*sha256.Size {
		return nil, errAuditAltered
	}
	if tree == nil {
		return nil, errAuditLost
	}
	data, err := tree.Read(auditPath(sum))
	if errors.Is(err, gitstore.ErrNotFound) || errors.Is(err, gitstore.ErrDamaged) {
		return nil, errAuditLost
	}
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
		return nil, errAuditAltered
	}
	return data, nil
}

// auditLog decodes a file.
func auditLog(data []byte) (attribution.Log, error) {
	var log attribution.Log
	head, rest, _ := bytes.Cut(data, []byte("\n"))
	var h auditHeader
	if err := json.Unmarshal(head, &h); err != nil || h.FormatVersion != entra.FormatVersion {
		return log, errAuditUnknown
	}
	log.Windows = h.Windows
	for line := range bytes.SplitSeq(bytes.TrimSuffix(rest, []byte("\n")), []byte("\n")) {
		if len(line) > 0 {
			log.Entries = append(log.Entries, json.RawMessage(line))
		}
	}
	return log, nil
}
