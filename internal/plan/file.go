package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/entragit/entragit/internal/entra"
)

// Version is the version of the plan file's format. Version 1 held requests, version 2 knew of no new
// identities.
const Version = 3

// Encode writes a plan as a file that a person can review and [Decode] reads back.
func Encode(plan entra.Plan) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(plan); err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return b.Bytes(), nil
}

// Decode reads a plan file for a tenant. Whatever somebody edited in the file is what is
// shown, guarded and done, so only its shape is judged: unknown fields are refused, and a
// step must be one that its action can make of its kind. Errors wrap [entra.ErrInvalid]
// and name the step.
func Decode(data []byte, tenant string) (entra.Plan, error) {
	var plan entra.Plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(&plan); err != nil {
		return entra.Plan{}, fmt.Errorf("plan: %w: %w", err, entra.ErrInvalid)
	}
	if _, err := d.Token(); err != io.EOF {
		return entra.Plan{}, fmt.Errorf("plan: more than one document: %w", entra.ErrInvalid)
	}
	if plan.FormatVersion != Version {
		return entra.Plan{}, fmt.Errorf("plan: format version %d, want %d: %w", plan.FormatVersion, Version, entra.ErrInvalid)
	}
	if plan.Tenant != tenant {
		return entra.Plan{}, fmt.Errorf("plan: made for tenant %s, not for %s: %w", plan.Tenant, tenant, entra.ErrInvalid)
	}
	earlier := make(map[string]bool, len(plan.Steps))
	for i, s := range plan.Steps {
		if err := check(&plan, s, earlier); err != nil {
			return entra.Plan{}, fmt.Errorf("plan: step %d %q: %w: %w", i+1, s.ID, err, entra.ErrInvalid)
		}
		earlier[s.ID] = true
	}
	return plan, nil
}
