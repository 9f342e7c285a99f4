package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// Push brings references of the remote forward to where they are here, several at
// once or none. It never forces: if the remote has a commit that is not an ancestor
// of ours, or that is not known here, that is [ErrDiverged], and the answer is to
// fetch and compare. One that lost what it had is [ErrRewound]. [ErrRejected] carries what the remote's rules said. A push
// whose answer was lost may be repeated: what arrived is not sent again.
func (r *Repo) Push(ctx context.Context, remote Remote, refs ...string) ([]RefUpdate, error) {
	release, err := r.lockRun(ctx)
	if err != nil {
		return nil, fmt.Errorf("push: %w", err)
	}
	defer release()
	body := &packBody{}
	session, err := remote.receivePack(body)
	if err != nil {
		return nil, remote.wrap("push to", err)
	}
	defer session.Close()
	adv, err := session.AdvertisedReferencesContext(ctx)
	if errors.Is(err, transport.ErrEmptyRemoteRepository) {
		adv, err = packp.NewAdvRefs(), nil
	}
	if err != nil {
		return nil, remote.wrap("push to", err)
	}
	updates, err := r.planPush(remote, adv, refs)
	if err != nil {
		return nil, fmt.Errorf("push to %s: %w", remote, err)
	}
	req, err := pushRequest(adv, updates)
	if err != nil {
		return nil, fmt.Errorf("push to %s: %w", remote, err)
	}
	if len(req.Commands) == 0 {
		return updates, r.remember(remote, updates)
	}
	pack, err := r.packFor(updates, adv)
	if err != nil {
		return nil, fmt.Errorf("push to %s: %w", remote, err)
	}
	defer pack.abort()
	*body = packBody{from: pack.file, size: pack.offset + 20}
	if !remote.isHTTP() {
		req.Packfile = io.NopCloser(body.reader())
	}
	if err := send(ctx, session, req); err != nil {
		return nil, remote.wrap("push to", err)
	}
	return updates, r.remember(remote, updates)
}

func (m Remote) receivePack(pack *packBody) (transport.ReceivePackSession, error) {
	client, ep, err := m.dial(pack)
	if err != nil {
		return nil, err
	}
	auth := m.auth(ep)
	return client.NewReceivePackSession(ep, auth)
}

// planPush compares the references here with those there.
func (r *Repo) planPush(m Remote, adv *packp.AdvRefs, refs []string) ([]RefUpdate, error) {
	updates := make([]RefUpdate, 0, len(refs))
	for _, ref := range refs {
		local, err := r.Head(ref)
		if err != nil {
			return nil, err
		}
		there := Hash(adv.References[ref])
		if !there.IsZero() && there != local {
			ok, err := r.IsAncestor(there, local)
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, fmt.Errorf("%s: %w: the remote is at %s, which is not in the history of %s",
					ref, ErrDiverged, there.Short(), local.Short())
			}
		}
		if err := r.checkRewound(m, ref, there); err != nil {
			return nil, err
		}
		updates = append(updates, RefUpdate{Ref: ref, Old: there, New: local})
	}
	return updates, nil
}

// packFor writes the objects that the remote lacks to a temporary pack, which the
// caller aborts.
func (r *Repo) packFor(updates []RefUpdate, adv *packp.AdvRefs) (_ *packWriter, err error) {
	var tips, known []Hash
	for _, u := range updates {
		if u.Old != u.New {
			tips = append(tips, u.New)
		}
	}
	for _, h := range adv.References {
		known = append(known, Hash(h))
	}
	objects, err := r.objectsSince(tips, known)
	if err != nil {
		return nil, err
	}
	w, err := newPackWriter(r.fs, r.packDir())
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.abort()
		}
	}()
	if err := r.objects.copyTo(w, objects); err != nil {
		return nil, err
	}
	_, err = w.seal()
	return w, err
}

// pushRequest lists the references to move.
func pushRequest(adv *packp.AdvRefs, updates []RefUpdate) (*packp.ReferenceUpdateRequest, error) {
	req := packp.NewReferenceUpdateRequestFromCapabilities(adv.Capabilities)
	for _, u := range updates {
		if u.Old != u.New {
			name := plumbing.ReferenceName(u.Ref)
			req.Commands = append(req.Commands, &packp.Command{Name: name, Old: plumbing.Hash(u.Old), New: plumbing.Hash(u.New)})
		}
	}
	if adv.Capabilities.Supports(capability.Sideband64k) {
		if err := req.Capabilities.Set(capability.Sideband64k); err != nil {
			return nil, err
		}
	}
	if len(req.Commands) > 1 {
		if !adv.Capabilities.Supports(capability.Atomic) {
			return nil, fmt.Errorf("%w: it cannot update several references at once", ErrRemote)
		}
		if err := req.Capabilities.Set(capability.Atomic); err != nil {
			return nil, err
		}
	}
	return req, nil
}

// send performs the push proper.
func send(ctx context.Context, session transport.ReceivePackSession, req *packp.ReferenceUpdateRequest) error {
	said := &serverText{}
	req.Progress = said
	report, err := session.ReceivePack(ctx, req)
	switch {
	case report != nil:
		return reportError(report, said)
	case err == nil && req.Capabilities.Supports(capability.ReportStatus):
		return errors.New("the remote closed the connection without an answer")
	}
	return err
}

func (m Remote) isHTTP() bool {
	return strings.HasPrefix(m.URL, "http://") || strings.HasPrefix(m.URL, "https://")
}

// reportError turns the remote's report into an error. What a server says when a
// reference was changed by someone else meanwhile is not standardised; the phrases
// are those of git and GitHub.
func reportError(report *packp.ReportStatus, said *serverText) error {
	if report.UnpackStatus != "ok" {
		return fmt.Errorf("the remote could not read the pack: %s", printable(report.UnpackStatus))
	}
	var failed *packp.CommandStatus
	for _, s := range report.CommandStatuses {
		if s.Status != "ok" && (failed == nil || strings.HasPrefix(failed.Status, "atomic")) {
			failed = s
		}
	}
	if failed == nil {
		return nil
	}
	kind := ErrRejected
	for _, phrase := range []string{
		"non-fast-forward", "fetch first", "failed to update ref", "incorrect old value",
		"cannot lock ref", "reference already exists", "atomic transaction failed",
	} {
		if strings.Contains(failed.Status, phrase) {
			kind = ErrMoved
		}
	}
	return fmt.Errorf("%s: %w: %s%s", failed.ReferenceName, kind, printable(failed.Status), said)
}

// serverText keeps the beginning of what a server says beside its answer.
type serverText struct{ text bytes.Buffer }

func (s *serverText) Write(p []byte) (int, error) {
	if room := 4096 - s.text.Len(); room > 0 {
		s.text.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// String returns the first line that tells of an error, in parentheses, or "".
func (s *serverText) String() string {
	for line := range strings.SplitSeq(s.text.String(), "\n") {
		if strings.Contains(line, "error") || strings.Contains(line, "denied") {
			return " (" + printable(line) + ")"
		}
	}
	return ""
}
