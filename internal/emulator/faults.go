package emulator

// Fault makes requests fail.
type Fault struct{}
