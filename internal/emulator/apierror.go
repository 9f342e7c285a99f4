package emulator

// apiError is an answer that Graph gives instead of a result.
type apiError struct {
	status  int
	code    string
	message string
}

func (e *apiError) Error() string { return e.code + ": " + e.message }
