package trust

import (
	"fmt"
	"strconv"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// The trailers by which a commit says what it is in the chain.
const (
	SeqTrailer    = "Entragit-Seq"
	TimeTrailer   = "Entragit-Captured-At"
	TenantTrailer = "Entragit-Tenant"
)

// tolerance is how far clocks of machines that work on one repository may be apart: no
// snapshot is from a later time than that.
const tolerance = 10 * time.Minute

// position is where a commit says that it is in the chain.
type position struct {
	seq      int
	tenant   string
	captured time.Time // when the tenant was read; of a commit that read nothing, its own time
}

// positionOf reads a commit's trailers.
func positionOf(c *gitstore.Commit) (position, error) {
	p := position{captured: c.Committer.When}
	text, _ := c.Trailer(SeqTrailer)
	seq, err := strconv.ParseUint(text, 10, 31)
	if err != nil || strconv.FormatUint(seq, 10) != text {
		return p, fmt.Errorf("snapshot %s has no number", c.Hash.Short())
	}
	p.seq = int(seq)
	if p.tenant, _ = c.Trailer(TenantTrailer); p.tenant == "" {
		return p, fmt.Errorf("snapshot %s names no tenant", c.Hash.Short())
	}
	if text, ok := c.Trailer(TimeTrailer); ok {
		if p.captured, err = time.Parse(time.RFC3339, text); err != nil {
			return p, fmt.Errorf("snapshot %s has no time that can be read", c.Hash.Short())
		}
	}
	return p, nil
}

// mark returns the snapshot's number and name.
func (p position) mark(c *gitstore.Commit) Mark { return Mark{Seq: p.seq, Commit: c.Hash} }

// sameTenant reports whether a commit may follow one of another tenant's name: the first
// id that follows a domain says what the domain stands for, and stays.
func sameTenant(before, after string) bool {
	return before == after || !isID(before) && isID(after)
}
