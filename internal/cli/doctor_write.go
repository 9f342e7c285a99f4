package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/report"
)

// lookAtLicences makes one finding of the kinds that the tenant has not bought: a backup is
// complete without them. One that an older snapshot has is another matter.
func (e *examination) lookAtLicences() error {
	var paid []string
	for i := range e.findings {
		f := &e.findings[i]
		if f.State != entra.Unlicensed || f.part {
			continue
		}
		had, err := e.had(f.About)
		if err != nil {
			return err
		}
		if had {
			f.Answer += ", although an earlier snapshot read it"
			continue
		}
		f.OK, f.Advice = true, ""
		paid = append(paid, f.About)
	}
	if len(paid) > 0 {
		e.add(finding{About: "licences", OK: true, Answer: report.Unlicensed(paid),
			Advice: "a backup is complete without them; entragit doctor --write leaves them out in " + config.FileName + ", so that nobody asks for them any more"})
	}
	return nil
}

// lookAtExcluded says which of the kinds that entragit.yaml leaves out, and that take a licence,
// can be read now: the tenant may have bought it since.
func (e *examination) lookAtExcluded(ctx context.Context) error {
	var left []*kind.Kind
	for _, k := range kind.All() {
		if k.Licence != "" && slices.Contains(e.config.Kinds.Exclude, k.Name) {
			left = append(left, k)
		}
	}
	if len(left) == 0 {
		return nil
	}
	probes, err := capture.Probes(ctx, e.tenant, e.tenant.id, left)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range probes {
		if p.Part == "" && p.Err == nil && !p.Untried {
			names = append(names, p.Kind.Name)
		}
	}
	if len(names) > 0 {
		e.add(finding{About: "left out", OK: true, Answer: "can be read now: " + strings.Join(names, ", "),
			Advice: "take them out of kinds.exclude in " + config.FileName + " to keep them"})
	}
	return nil
}

// had reports whether the newest snapshot read a kind, or still has objects of it.
func (e *examination) had(kindName string) (bool, error) {
	if e.head == nil {
		return false, nil
	}
	if e.head.Manifest().Kinds[kindName].Read() {
		return true, nil
	}
	for _, err := range e.head.Files(kindName) {
		return err == nil, err
	}
	return false, nil
}

// exclude leaves the kinds that the tenant does not have out in entragit.yaml: those that it
// has not bought, and those that its cloud lacks; never one that is forbidden, or that an older
// snapshot has.
func (e *examination) exclude(ctx context.Context) error {
	if e.repo == nil || e.tenant == nil {
		return nil // the findings say why
	}
	var names []string
	for _, f := range e.findings {
		if f.OK && !f.part && (f.State == entra.Unlicensed || f.State == entra.Absent) {
			names = append(names, f.About)
		}
	}
	file, data, err := e.editable(ctx)
	if err != nil {
		return err
	}
	changed, more, err := config.Exclude(file, data, names, words())
	switch {
	case err != nil:
		return err
	case len(more) == 0:
		e.Say("%s stays as it is: nothing more is to be left out", file)
		return nil
	case e.common.config != "":
		err = os.WriteFile(file, changed, 0o644)
	default:
		err = e.approve(ctx, changed, len(more))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	e.Say("%s leaves out from now on: %s", file, strings.Join(more, ", "))
	e.Hint("take them out of kinds.exclude when the tenant has the licence: doctor says when they can be read")
	return nil
}

// editable is the file that counts, where it is the one that would be written over.
func (e *examination) editable(ctx context.Context) (file string, data []byte, err error) {
	if file = e.common.config; file != "" {
		data, err = os.ReadFile(file)
		return file, data, err
	}
	file, data, err = e.decidedConfig(ctx, e.repo)
	if err != nil {
		return file, data, err
	}
	_, approved, err := e.repo.approvedConfig()
	if err == nil && !bytes.Equal(approved, data) {
		err = withHint(fmt.Errorf("the %s of main is not the one that counts: %w", config.FileName, entra.ErrRefused),
			"sign a commit that changes it, or give --config FILE; entragit help signing explains")
	}
	return "main:" + config.FileName, data, err
}

// approve commits the file to the branch of what people approve, signed.
func (e *examination) approve(ctx context.Context, data []byte, kinds int) error {
	signer, err := e.signer(e.Environment)
	if err != nil {
		return err
	}
	if err := e.repo.maySign(signer, e.Now()); err != nil {
		return err
	}
	name, email, err := e.person()
	if err != nil {
		return err
	}
	w, err := e.repo.Begin(ctx, approvedRef, gitstore.BeginOptions{})
	if errors.Is(err, gitstore.ErrNotRepository) {
		return withHint(err, "give --config with the file in the work tree, and sign the commit (entragit help signing)")
	}
	if err != nil {
		return err
	}
	defer w.Abort()
	if _, err := w.Put(config.FileName, data); err != nil {
		return err
	}
	_, err = w.Commit(ctx, gitstore.CommitOptions{
		Subject: fmt.Sprintf("config: leave out %s that the tenant does not have", numbered(kinds, "kind", "kinds")),
		Name:    name, Email: email, When: e.Now(), Signer: signer,
		Trailers: []gitstore.Trailer{{Key: versionTrailer, Value: version()}},
	})
	return err
}
