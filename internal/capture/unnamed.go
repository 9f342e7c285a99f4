package capture

// How much of what v1.0 does not name is gathered for one kind, and named in the manifest.
const (
	mostUnknown   = 1000
	listedUnknown = 100
)

// holds notes what one object holds and v1.0 does not name.
func (r *result) holds(unknown []string) {
	if len(unknown) == 0 {
		return
	}
	r.Unknown++
	if r.unknown == nil {
		r.unknown = map[string]bool{}
	}
	for _, place := range unknown {
		if len(r.unknown) < mostUnknown {
			r.unknown[place] = true
		}
	}
}

// unknownPlaces is what the coverage says of it.
func (r *result) unknownPlaces() []string {
	if len(r.unknown) == 0 {
		return nil
	}
	places := sortedKeys(r.unknown)
	return places[:min(len(places), listedUnknown)]
}
