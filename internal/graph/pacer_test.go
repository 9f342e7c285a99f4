package graph

import (
	"testing"
	"time"
)

func TestPacer(t *testing.T) {
	var p pacer
	now := time.Unix(1000, 0)
	for i, tt := range []struct {
		rate, n int
		wait    time.Duration
	}{
		{1, 1, 0}, {1, 1, time.Second}, {1, 2, 2 * time.Second}, {1, 1, 4 * time.Second},
		{4, 1, 0}, {4, 1, time.Second / 4},
	} {
		if wait := p.reserve(now, tt.rate, tt.n); wait != tt.wait {
			t.Errorf("%d: waits %v, want %v", i, wait, tt.wait)
		}
	}
	if wait := p.reserve(now.Add(time.Minute), 1, 1); wait != 0 {
		t.Errorf("after a pause it waits %v", wait)
	}
}
