package drill

import "time"

// Mark is what a drill comes to in a line, to compare drills by.
type Mark struct {
	At time.Time `json:"at"`
	// Snapshot is the commit that was rehearsed with.
	Snapshot string `json:"snapshot"`
	Complete bool   `json:"complete"`
	Hit      int    `json:"hit"`
	Back     int    `json:"back"`
	// PointSeconds is the age of the snapshot, TimeSeconds the longest recovery.
	PointSeconds float64 `json:"recoveryPointSeconds"`
	TimeSeconds  float64 `json:"recoveryTimeSeconds"`
}

// Mark sums a result up.
func (r *Result) Mark() Mark {
	m := Mark{At: r.At, Snapshot: r.Snapshot.Commit, Complete: r.Complete()}
	for i := range r.Rehearsals {
		one := &r.Rehearsals[i]
		m.Hit, m.Back = m.Hit+one.Hit, m.Back+one.Back
		m.PointSeconds, m.TimeSeconds = one.PointSeconds, max(m.TimeSeconds, one.TimeSeconds)
	}
	return m
}

// Recovered is the share of the objects hit that came back, from 0 to 1.
func (m Mark) Recovered() float64 { return share(m.Back, m.Hit) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}
