package clock

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestSleep(t *testing.T) {
	var c System
	before := c.Now()
	if err := c.Sleep(context.Background(), 10*time.Millisecond); err != nil || c.Now().Sub(before) < 10*time.Millisecond {
		t.Errorf("slept %v: %v", c.Now().Sub(before), err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	before = c.Now()
	if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || c.Now().Sub(before) > time.Minute {
		t.Errorf("after %v: %v", c.Now().Sub(before), err)
	}
}
