package apply

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// A property that Graph refuses does not hold up the others of the same PATCH.
func TestApplyTakesARefusedUpdateApart(t *testing.T) {
	var spec []string
	for i := range 8 {
		spec = append(spec, fmt.Sprintf("%q:%q", []string{"city", "companyName", "country", "department", "employeeId", "givenName", "jobTitle", "surname"}[i], "x"))
	}
	tests := []struct {
		name    string
		refused []string
		err     error
		want    string
		most    int
	}{
		{"one", []string{"country"}, entra.ErrRejected, "failed: Graph refused country: no country: rejected; the other properties were written", 8},
		{"two", []string{"city", "surname"}, entra.ErrForbidden, "failed: Graph refused city, surname: no city: permission denied; the other properties were written", 14},
		{"none alone", nil, entra.ErrRejected, "done", 3},
		{"not for a lack of service", []string{"city"}, entra.ErrUnavailable, "failed: no city: service unavailable", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on := newTenant(object(t, "users/1", `{}`))
			p := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{`+strings.Join(spec, ",")+`}}`)))
			on.fail = func(string, string) error {
				body := on.log[len(on.log)-1]
				for _, name := range tt.refused {
					if strings.Contains(body, `"`+name+`"`) {
						return fmt.Errorf("no %s: %w", name, tt.err)
					}
				}
				if len(tt.refused) == 0 && strings.Count(body, ":") > 5 {
					return fmt.Errorf("too many: %w", tt.err)
				}
				return nil
			}
			outcome := mustApply(t, on, p)
			if d := cmp.Diff([]string{"users/1:update " + tt.want}, results(outcome)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if len(on.log) > tt.most {
				t.Errorf("%d requests, want %d at most: %q", len(on.log), tt.most, on.log)
			}
			written := on.objects[entra.Key{Kind: "users", ID: "1"}].Spec
			if n := 8 - len(tt.refused); !errors.Is(tt.err, entra.ErrUnavailable) && len(written) != n {
				t.Errorf("%d properties were written, want %d", len(written), n)
			}
		})
	}
}

// Everything refused is one refusal, in a bounded number of requests.
func TestApplyGivesUpOnWhatIsRefusedAltogether(t *testing.T) {
	live, want := object(t, "users/1", `{"Spec":{}}`), object(t, "users/1", `{"Spec":{}}`)
	for _, name := range []string{"ageGroup", "city", "companyName", "consentProvidedForMinor", "country", "department", "displayName", "employeeId", "employeeType",
		"faxNumber", "givenName", "jobTitle", "mailNickname", "mobilePhone", "officeLocation", "postalCode", "state", "streetAddress", "surname", "usageLocation"} {
		want.Spec[name] = "x"
	}
	on := newTenant(live)
	p := mustPlan(t, input(on, want))
	on.fail = func(string, string) error { return fmt.Errorf("no: %w", entra.ErrForbidden) }
	outcome := mustApply(t, on, p)
	if d := cmp.Diff([]string{"users/1:update failed: no: permission denied"}, results(outcome)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(on.log) != 1+mostApart {
		t.Errorf("%d requests", len(on.log))
	}
}

// An element of a contained collection is taken apart as well.
func TestApplyTakesAContainedElementApart(t *testing.T) {
	on := newTenant(object(t, "applications/1", `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s","issuer":"i"}]}}`))
	p := mustPlan(t, input(on, object(t, "applications/1", `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"t","issuer":"j"}]}}`)))
	on.fail = func(string, string) error {
		if strings.Contains(on.log[len(on.log)-1], "issuer") {
			return fmt.Errorf("no issuer: %w", entra.ErrRejected)
		}
		return nil
	}
	outcome := mustApply(t, on, p)
	if len(outcome.Steps) != 1 || !strings.Contains(outcome.Steps[0].Error, "Graph refused issuer: no issuer") {
		t.Errorf("%q", results(outcome))
	}
	if len(outcome.Remaining) != 1 || len(outcome.Remaining[0].Properties) != 1 {
		t.Errorf("remaining %+v", outcome.Remaining)
	}
}
