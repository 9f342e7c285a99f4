package cli

import (
	"context"
	"fmt"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// auditLog is what findings and lists call it.
const auditLog = "audit log"

// withAudit adds what a backup reads beside the kinds, where it can: who changed them.
func withAudit(list []grant) []grant {
	return append(list, grant{attribution.Permission, kind.AppRole(attribution.Permission), []string{"to say who changed what; optional, nothing else is missing without it"}})
}

// lookAtAudit asks for an entry of the audit log. What keeps it from being read keeps no backup
// from being complete.
func (e *examination) lookAtAudit(ctx context.Context) {
	f := finding{About: auditLog, Optional: true}
	if !e.config.Attributes() {
		f.OK, f.Answer = true, "entragit.yaml says that nobody reads it (attribution: false)"
		e.add(f)
		return
	}
	answer := attribution.Probe(ctx, e.tenant)
	switch f.OK = answer.State == entra.Complete; {
	case f.OK && answer.Oldest.IsZero():
		f.Answer = "answers without an entry"
	case f.OK:
		f.Answer = "can be read; the oldest entry is " + duration(e.Now().Sub(answer.Oldest)) + " old"
		f.Advice = e.forgotten(answer)
	default:
		f.Answer = "cannot be read, so that nobody is named for a change: " + answer.Cause
	}
	switch answer.State {
	case entra.Forbidden:
		f.Advice = fmt.Sprintf("grant %s to the application that signs in, or give the user a role such as Reports Reader; or set attribution: false in entragit.yaml", attribution.Permission)
	case entra.Unlicensed:
		f.Advice = "license Microsoft Entra ID P1, or set attribution: false in entragit.yaml"
	}
	e.add(f)
}

// forgotten says what of the time since the newest snapshot the log has no more.
func (e *examination) forgotten(answer attribution.Answer) string {
	if e.head == nil || !answer.Oldest.After(e.head.Point().Time) || e.Now().Sub(e.head.Point().Time) < attribution.Shortest {
		return ""
	}
	return "it may have forgotten who changed what soon after the newest snapshot: Microsoft keeps it for 7 days, or 30 with Entra ID P1; back up more often"
}
