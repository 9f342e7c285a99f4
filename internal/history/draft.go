package history

import (
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Draft is the sink of a snapshot in the making. It also keeps what differs from the
// parent, so that what the snapshot changes can be told before it is committed: until then
// nothing can read what the writer has.
type Draft struct {
	sink Sink
	live *Live
}

// NewDraft begins to keep what a snapshot changes against its parent.
func NewDraft(sink Sink, parent *Point) (*Draft, error) {
	live, err := NewLive(parent)
	if err != nil {
		return nil, err
	}
	return &Draft{sink: sink, live: live}, nil
}

// Close frees what was kept. The writer is the caller's.
func (d *Draft) Close() error { return d.live.Close() }

// Put writes a file, and keeps the bytes of one that differs from the parent's.
func (d *Draft) Put(path string, data []byte) (entra.ChangeType, error) {
	change, err := d.sink.Put(path, data)
	if err != nil || change == "" && !d.live.differs(path) {
		return change, err
	}
	_, err = d.live.Put(path, data)
	return change, err
}

// Move renames a file that was put.
func (d *Draft) Move(from, to string) error {
	if err := d.sink.Move(from, to); err != nil {
		return err
	}
	return d.live.Move(from, to)
}

// Delete removes a file.
func (d *Draft) Delete(path string) error {
	if err := d.sink.Delete(path); err != nil {
		return err
	}
	return d.live.Delete(path)
}

// Reset forgets what was put or deleted below a prefix.
func (d *Draft) Reset(prefix string) error {
	if err := d.sink.Reset(prefix); err != nil {
		return err
	}
	return d.live.Reset(prefix)
}

// Point returns the snapshot in the making, once the capture has ended. It has no commit yet.
func (d *Draft) Point(manifest entra.Manifest, at time.Time) *Point {
	return d.live.Point(manifest, at)
}
