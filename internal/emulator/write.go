package emulator

// write is one change of an object while it is being checked.
type write struct {
	store *store
	// resource and path say where the object is.
	resource *resource
	path     string
	// before is the object as it is, nil when it is being created.
	before object
	// sent is the request's body, after the object as it will be.
	sent, after object
}
