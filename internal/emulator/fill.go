package emulator

import (
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// fillSeed fills the store with the content that opts name.
func (s *store) fillSeed(opts Options) error {
	switch opts.Seed {
	case "contoso":
		return s.fill(seed.Contoso(s.tenantID, opts.Scale))
	case "empty":
		return s.fill(seed.Empty(s.tenantID))
	}
	return fmt.Errorf("no such seed: there are contoso and empty")
}

// fill puts every record into the store. Links may point forward: an edge to an object
// that never comes is seen by nobody.
func (s *store) fill(records iter.Seq[seed.Record]) error {
	for rec := range records {
		r, _, ok := s.table.find(rec.Path)
		if ok && r.singleton {
			s.setSingleton(rec.Path, rec.Body)
			continue
		}
		e, err := s.put(rec.Path, rec.Body)
		if err != nil {
			return err
		}
		for nav, targets := range rec.Links {
			for _, target := range targets {
				s.link(e.id, nav, target)
			}
		}
		for nav, sources := range rec.From {
			for _, source := range sources {
				s.link(source, nav, e.id)
			}
		}
	}
	return nil
}
