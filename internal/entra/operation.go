package entra

import "time"

// OperationState says how far an operation came.
type OperationState string

// The states of an operation.
const (
	OperationOpen       OperationState = "open"       // it runs, or was interrupted
	OperationComplete   OperationState = "complete"   // everything was done and read back
	OperationIncomplete OperationState = "incomplete" // it ended, and something was left
	OperationAbandoned  OperationState = "abandoned"  // it was interrupted and a person gave it up
)

// Operation is one run that wrote to the tenant, as it was recorded.
type Operation struct {
	// ID is the time it began, and a few digits by which two of one second differ.
	ID     string         `json:"operation"`
	State  OperationState `json:"state"`
	Tenant string         `json:"tenant"`
	// From says in words which state was put back.
	From  string    `json:"from"`
	Begun time.Time `json:"begun"`
	Ended time.Time `json:"ended,omitzero"`
	// Signer is who recorded the beginning.
	Signer string `json:"signer"`
	// Steps counts the steps of the plan, Done, Failed and Skipped those that ended so.
	// Nothing is known of the steps of an operation that is open.
	Steps   int `json:"steps"`
	Done    int `json:"done"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	// Undoes is the operation whose way back this one was, UndoneBy the newest one that was
	// this one's.
	Undoes   string `json:"undoes,omitempty"`
	UndoneBy string `json:"undoneBy,omitempty"`
	// Commit is the record of the beginning, with the plan and the state before; End that of
	// the end, with the journal and the outcome.
	Commit string `json:"commit"`
	End    string `json:"end,omitempty"`
}
