package gitstore

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// Fetch brings references here forward to where they are at the remote. One that is
// ahead here stays; one that went another way at the remote is [ErrDiverged], one that
// was set back there [ErrRewound], and nothing is changed. A reference that the remote does not have is reported with a
// zero New, and what that means is for the caller to say: an empty remote is no
// proof of a first run.
func (r *Repo) Fetch(ctx context.Context, remote Remote, refs ...string) ([]RefUpdate, error) {
	return r.FetchIf(ctx, remote, func(RefUpdate) error { return nil }, refs...)
}

// FetchIf is [Repo.Fetch], except that nothing moves unless accept returns nil for each
// reference that would. What came is complete by then and can be read.
func (r *Repo) FetchIf(ctx context.Context, remote Remote, accept func(RefUpdate) error, refs ...string) ([]RefUpdate, error) {
	release, err := r.lockRun(ctx)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	defer release()
	updates, err := r.localRefs(refs)
	if err != nil {
		return nil, fmt.Errorf("fetch from %s: %w", remote, err)
	}
	pack, err := r.download(ctx, remote, updates)
	if err != nil {
		return nil, remote.wrap("fetch from", err)
	}
	defer pack.release()
	there := slices.Clone(updates)
	if err := r.checkFetched(remote, there); err != nil {
		return nil, fmt.Errorf("fetch from %s: %w", remote, err)
	}
	if err := r.acceptFetched(updates, accept); err != nil {
		return nil, fmt.Errorf("fetch from %s: %w", remote, err)
	}
	if pack != nil {
		if err := pack.confirm(); err != nil {
			return nil, fmt.Errorf("fetch from %s: %w", remote, err)
		}
	}
	return updates, r.remember(remote, there)
}

// DivergedError is [ErrDiverged] of a fetch, with the commit that the remote is at: its history
// was brought here, and can be read.
type DivergedError struct {
	// RefUpdate has where the reference is here as Old, and where it is there as New.
	RefUpdate
}

// Error names both commits.
func (e *DivergedError) Error() string {
	return fmt.Sprintf("%s: %s: neither of %s at the remote and %s here continues the other", e.Ref, ErrDiverged, e.New.Short(), e.Old.Short())
}

// Unwrap returns [ErrDiverged].
func (e *DivergedError) Unwrap() error { return ErrDiverged }

func (r *Repo) localRefs(refs []string) ([]RefUpdate, error) {
	var updates []RefUpdate
	for _, ref := range refs {
		if err := r.checkTarget(ref); err != nil {
			return nil, err
		}
		local, _, err := r.Ref(ref)
		if err != nil {
			return nil, err
		}
		updates = append(updates, RefUpdate{Ref: ref, Old: local})
	}
	return updates, nil
}

// download sets New of each update and brings the objects that are missing here, in a
// pack, or nil when none is missing.
func (r *Repo) download(ctx context.Context, remote Remote, updates []RefUpdate) (*keptPack, error) {
	client, ep, err := remote.dial(nil)
	if err != nil {
		return nil, err
	}
	auth := remote.auth(ep)
	session, err := client.NewUploadPackSession(ep, auth)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	adv, err := session.AdvertisedReferencesContext(ctx)
	if errors.Is(err, transport.ErrEmptyRemoteRepository) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	req := packp.NewUploadPackRequestFromCapabilities(adv.Capabilities)
	req.Capabilities.Delete(capability.ThinPack) // every base must be in the pack
	for i := range updates {
		u := &updates[i]
		if u.New = Hash(adv.References[u.Ref]); u.New.IsZero() {
			continue
		}
		if err := r.objects.stat(u.New); err != nil {
			req.Wants = append(req.Wants, plumbing.Hash(u.New))
		}
		if req.Haves, err = r.appendHaves(req.Haves, u.Old); err != nil {
			return nil, err
		}
	}
	if len(req.Wants) == 0 {
		return nil, nil
	}
	resp, err := session.UploadPack(ctx, req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Close() }()
	return r.receive(demux(req, resp))
}

// maxHaves is how many own commits are offered as common ground.
const maxHaves = 64

func (r *Repo) appendHaves(haves []plumbing.Hash, from Hash) ([]plumbing.Hash, error) {
	if from.IsZero() {
		return haves, nil
	}
	from, err := r.peel(from)
	if err != nil {
		return nil, err
	}
	limit := len(haves) + maxHaves
	for c, err := range r.Log(from) {
		if err != nil {
			return nil, err
		}
		if haves = append(haves, plumbing.Hash(c.Hash)); len(haves) == limit {
			break
		}
	}
	return haves, nil
}

func demux(req *packp.UploadPackRequest, resp io.Reader) io.Reader {
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		return sideband.NewDemuxer(sideband.Sideband64k, resp)
	case req.Capabilities.Supports(capability.Sideband):
		return sideband.NewDemuxer(sideband.Sideband, resp)
	default:
		return resp
	}
}

// receive stores a pack from the remote: to a temporary file, checked and indexed
// there, then installed like one of ours.
func (r *Repo) receive(from io.Reader) (_ *keptPack, err error) {
	f, err := createTmpPack(r.fs, r.packDir())
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
			discard(r.fs, f.Name())
		}
	}()
	out := bufio.NewWriterSize(f, packChunk)
	size, err := io.Copy(out, from)
	if err != nil {
		return nil, fmt.Errorf("receive pack: %w", err)
	}
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("receive pack: %w", err)
	}
	checksum, err := packChecksum(f, size)
	if err != nil {
		return nil, err
	}
	entries, err := indexPack(f, size)
	if err != nil {
		return nil, fmt.Errorf("index pack: %w", err)
	}
	return installPack(r.fs, r.packDir(), f, checksum, entries)
}

// packChecksum returns the checksum at the end of a pack once the content matches.
func packChecksum(f io.ReaderAt, size int64) (Hash, error) {
	var tail Hash
	if size < packHeaderLen+20 {
		return Hash{}, io.ErrUnexpectedEOF
	}
	sum := sha1.New()
	if _, err := io.CopyBuffer(sum, io.NewSectionReader(f, 0, size-20), make([]byte, packChunk)); err != nil {
		return Hash{}, err
	}
	if _, err := f.ReadAt(tail[:], size-20); err != nil {
		return Hash{}, err
	}
	if !bytes.Equal(sum.Sum(nil), tail[:]) {
		return Hash{}, errors.New("pack was damaged on its way")
	}
	return tail, nil
}

// indexPack finds the name and place of every object in a pack, through go-git's
// parser, which resolves deltas.
func indexPack(f io.ReaderAt, size int64) ([]packEntry, error) {
	list := &entryList{}
	parser, err := packfile.NewParser(packfile.NewScanner(io.NewSectionReader(f, 0, size)), list)
	if err != nil {
		return nil, err
	}
	if _, err := parser.Parse(); err != nil {
		return nil, err
	}
	if len(list.entries) != list.count {
		return nil, fmt.Errorf("pack has %d objects and says %d", len(list.entries), list.count)
	}
	return list.entries, nil
}

// entryList is go-git's packfile.Observer that keeps what an index holds.
type entryList struct {
	count   int
	entries []packEntry
}

func (l *entryList) OnHeader(count uint32) error {
	l.count = int(count)
	return nil
}

func (l *entryList) OnInflatedObjectHeader(plumbing.ObjectType, int64, int64) error { return nil }

func (l *entryList) OnInflatedObjectContent(h plumbing.Hash, pos int64, crc uint32, _ []byte) error {
	l.entries = append(l.entries, packEntry{hash: Hash(h), crc: crc, offset: pos})
	return nil
}

func (l *entryList) OnFooter(plumbing.Hash) error { return nil }

// acceptFetched checks that what came is complete and continues what is here, for
// all references before the first one moves.
func (r *Repo) acceptFetched(updates []RefUpdate, accept func(RefUpdate) error) error {
	var moves []RefUpdate
	for i := range updates {
		u := &updates[i]
		if u.New.IsZero() || u.New == u.Old {
			continue
		}
		var known []Hash
		if !u.Old.IsZero() {
			known = []Hash{u.Old}
			ahead, err := r.IsAncestor(u.New, u.Old)
			if err != nil {
				return err
			}
			if ahead {
				u.New = u.Old
				continue
			}
			if ok, err := r.IsAncestor(u.Old, u.New); err != nil {
				return err
			} else if !ok {
				return &DivergedError{*u}
			}
		}
		if _, err := r.objectsSince([]Hash{u.New}, known); err != nil {
			return fmt.Errorf("%s: %w", u.Ref, err)
		}
		if err := accept(*u); err != nil {
			return fmt.Errorf("%s: %w", u.Ref, err)
		}
		moves = append(moves, *u)
	}
	for _, u := range moves {
		if err := r.moveRef(u.Ref, u.Old, u.New); err != nil {
			return err
		}
	}
	return nil
}
