package emulator

import (
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// fillSeed fills the store with the content that opts name, but for what was stated.
func (s *store) fillSeed(opts Options, of stated) error {
	switch opts.Seed {
	case "contoso":
		return s.fill(seed.Contoso(s.tenantID, opts.Scale), of)
	case "empty":
		return s.fill(seed.Empty(s.tenantID), of)
	}
	return fmt.Errorf("no such seed: there are contoso and empty")
}

// fill puts every record into the store that was not stated otherwise. Links may point
// forward: an edge to an object that never comes is seen by nobody.
func (s *store) fill(records iter.Seq[seed.Record], of stated) error {
	for rec := range records {
		if of.covers(rec.Path) {
			continue
		}
		r, _, ok := s.table.find(rec.Path)
		if !s.inCloud(r, rec.Body) {
			continue
		}
		if ok && r.singleton {
			s.setSingleton(rec.Path, rec.Body)
			continue
		}
		e, err := s.put(rec.Path, rec.Body)
		if err != nil {
			return err
		}
		s.relate(e.id, rec)
	}
	return nil
}

// inCloud takes out of a record of the seed what a national cloud lacks, and reports whether
// the cloud has such an object at all.
func (s *store) inCloud(r *resource, body object) bool {
	if s.meta.lacks.Paths == nil {
		return true
	}
	if r != nil && r.typ == "federatedIdentityCredential" && s.meta.lacks.Exchange != "" {
		body["audiences"] = []any{s.meta.lacks.Exchange}
	}
	return r != nil && s.meta.reduce(r.typ, body)
}
