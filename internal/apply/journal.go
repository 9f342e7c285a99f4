package apply

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
)

// Lines is where a journal is kept. A line that Append took outlives the process.
type Lines interface {
	Append(lines ...[]byte) error
}

// Entry is one line of a journal: what is about to be sent, what came of it, or how a step
// ended. No entry holds a body, so that no secret can be in a journal: what is written is
// in the plan.
type Entry struct {
	At time.Time `json:"at"`
	// Operation and Plan, the SHA-256 of the plan's file, are in the first entry alone.
	Operation string `json:"operation,omitempty"`
	Plan      string `json:"plan,omitempty"`
	// Intent numbers a request that is about to be sent, Answer one that was answered.
	Intent int    `json:"intent,omitempty"`
	Answer int    `json:"answer,omitempty"`
	Step   string `json:"step,omitempty"`
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// ID and AppID are what Graph gave to an object that was created.
	ID    string `json:"id,omitempty"`
	AppID string `json:"appId,omitempty"`
	// Result is how the step ended.
	Result entra.Result `json:"result,omitempty"`
	// Error is why a request failed or a step was not done.
	Error string `json:"error,omitempty"`
}

// Log is a [Journal] of lines.
type Log struct {
	open  func() (Lines, error)
	clock clock.Clock

	mu    sync.Mutex
	lines Lines
	err   error // why the journal could not be opened
	last  int
	steps map[int]string // of the requests under way
}

// NewLog is a journal that goes on after the requests of one that was taken up, nil for
// none. Open is called once, before the first line is written: a run that writes nothing
// leaves nothing.
func NewLog(c clock.Clock, taken *Progress, open func() (Lines, error)) *Log {
	l := &Log{open: open, clock: c, steps: map[int]string{}}
	if taken != nil {
		l.last = taken.last
	}
	return l
}

// Intent implements [Journal].
func (l *Log) Intent(s entra.Step, q entra.Request) (int, error) {
	l.mu.Lock()
	l.last++
	number := l.last
	l.steps[number] = s.ID
	l.mu.Unlock()
	return number, l.append(Entry{Intent: number, Step: s.ID, Method: q.Method, Path: q.Path})
}

// Answer implements [Journal].
func (l *Log) Answer(number int, answer []byte, err error) error {
	l.mu.Lock()
	e := Entry{Answer: number, Step: l.steps[number]}
	delete(l.steps, number)
	l.mu.Unlock()
	if err != nil {
		e.Error = oneLine(err)
	} else {
		e.ID, e.AppID = identitiesIn(answer)
	}
	return l.append(e)
}

// Ended notes how a step ended, once something was written in the run. Where it cannot be
// noted, the next request will not be sent.
func (l *Log) Ended(o entra.StepOutcome) {
	l.mu.Lock()
	begun := l.lines != nil
	l.mu.Unlock()
	if begun {
		_ = l.append(Entry{Step: o.Step, Result: o.Result, Error: o.Error})
	}
}

func (l *Log) append(e Entry) error {
	lines, err := l.begun()
	if err != nil {
		return err
	}
	e.At = l.clock.Now().UTC()
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return lines.Append(text)
}

// begun opens the journal if that was not done yet.
func (l *Log) begun() (Lines, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines == nil && l.err == nil {
		l.lines, l.err = l.open()
	}
	return l.lines, l.err
}

// Begun reports whether anything was written to the journal in this run.
func (l *Log) Begun() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines != nil
}

// oneLine is the text of an error without line breaks.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// identitiesIn reads the identities of a created object out of Graph's answer.
func identitiesIn(answer []byte) (id, appID string) {
	var object struct {
		ID    string `json:"id"`
		AppID string `json:"appId"`
	}
	if json.Unmarshal(answer, &object) != nil {
		return "", ""
	}
	return object.ID, object.AppID
}
