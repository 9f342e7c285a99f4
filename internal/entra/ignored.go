package entra

// Ignored is what a rule of entragit.yaml left out of a change set: the history has it all.
type Ignored struct {
	// Path and Property are what the rule is about; a rule without a property is about whole
	// objects.
	Path     string `json:"path"`
	Property string `json:"property,omitempty"`
	// Reason is why nobody wants to hear of it; empty where nobody said.
	Reason string `json:"reason,omitempty"`
	// Until is the last day of the rule, as in "2026-12-31"; empty for one without an end.
	Until string `json:"until,omitempty"`
	// Expired is set where that day is over: the rule left out nothing.
	Expired bool `json:"expired,omitempty"`
	// Changes is how many objects were left out, in full or in part.
	Changes int `json:"changes"`
}
