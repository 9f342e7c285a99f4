package entra

import "slices"

// Severity says how bad a change is.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical" // the tenant can be taken over, or nobody can get in
	High     Severity = "high"     // a way in is open, or a protection is gone
	Medium   Severity = "medium"   // a protection is weaker
	Low      Severity = "low"      // worth a look
)

var severities = []Severity{Critical, High, Medium, Low}

// Severities returns the severities, worst first. The result must not be modified.
func Severities() []Severity { return severities }

// Rank is 0 for the worst severity, and a number above that of all others for what is no
// severity.
func (s Severity) Rank() int {
	if i := slices.Index(severities, s); i >= 0 {
		return i
	}
	return len(severities)
}

// AtLeast reports whether a severity is as bad as another, or worse.
func (s Severity) AtLeast(other Severity) bool {
	return s.Rank() <= other.Rank() && s.Rank() < len(severities)
}

// Risk is what a change, or several, can do to a tenant.
type Risk struct {
	// Rule is the id of the rule that found it.
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// Key is the object that changed, and Name what people call it.
	Key
	Name string `json:"name,omitempty"`
	// Says completes the sentence "OBJECT …", such as "no longer asks for multifactor
	// authentication", without the tenant's words.
	Says string `json:"says"`
	// About are the ids and values that the sentence is about, such as the new members, in
	// the order of the change.
	About []string `json:"about,omitempty"`
	// Reference is the page that says why: a technique of MITRE ATT&CK, or Microsoft's.
	Reference string `json:"reference"`
}

// Worst is the worst severity of some risks, "" for none.
func Worst(risks []Risk) Severity {
	var worst Severity
	for _, r := range risks {
		if r.Severity.Rank() < worst.Rank() {
			worst = r.Severity
		}
	}
	return worst
}
