package reconcile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// PlanVersion is the version of the plan file's format.
const PlanVersion = 1

// EncodePlan writes a plan as a file that a person can review and [DecodePlan] reads
// back.
func EncodePlan(plan entra.Plan) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(plan); err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return b.Bytes(), nil
}

// DecodePlan reads a plan file for a tenant. A file that someone may have edited must
// not be able to do more than it shows: unknown fields are refused, every request must
// be one that its step's action can make on its object, and a request may only write
// properties that its step lists. Where Graph wants the others too, [Apply] sends them
// only as the object has them. Errors wrap [entra.ErrInvalid] and name the step.
func DecodePlan(data []byte, tenant string) (entra.Plan, error) {
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
	if plan.FormatVersion != PlanVersion {
		return entra.Plan{}, fmt.Errorf("plan: format version %d, want %d: %w", plan.FormatVersion, PlanVersion, entra.ErrInvalid)
	}
	if plan.Tenant != tenant {
		return entra.Plan{}, fmt.Errorf("plan: made for tenant %s, not for %s: %w", plan.Tenant, tenant, entra.ErrInvalid)
	}
	seen := map[string]bool{}
	for i, s := range plan.Steps {
		for j := range s.Requests {
			s.Requests[j].Body = compact(s.Requests[j].Body)
		}
		c := checker{plan: &plan, kind: kind.ByName(s.Kind), step: s}
		if err := c.check(seen); err != nil {
			return entra.Plan{}, fmt.Errorf("plan: step %d %q: %w: %w", i+1, s.ID, err, entra.ErrInvalid)
		}
		seen[s.ID] = true
	}
	return plan, nil
}

// compact takes out the blanks that [EncodePlan] put in for the reader.
func compact(body json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, body) != nil || b.Len() == 0 {
		return nil // an absent body; any other was just decoded and is valid
	}
	return b.Bytes()
}
